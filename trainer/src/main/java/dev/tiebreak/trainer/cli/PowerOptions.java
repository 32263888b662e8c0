package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.ballot.Dialect;
import dev.tiebreak.trainer.evidence.report.Pilot;
import dev.tiebreak.trainer.evidence.report.ReportInput;
import dev.tiebreak.trainer.study.StudyPower.Assumptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say what truth a simulated study faces. */
final class PowerOptions {
  @Option(
      names = "--seed-sd",
      paramLabel = "<sd>",
      split = ",",
      defaultValue = "0.03,0.05",
      description = "Between pairs of models, of the rate (default: ${DEFAULT-VALUE}).")
  private List<Double> seedSds;

  @Option(
      names = "--prompt-sd",
      paramLabel = "<sd>",
      defaultValue = "0.24",
      description = "Between prompts and completions (default: ${DEFAULT-VALUE}).")
  private double promptSd;

  @Option(
      names = "--prompt-share",
      paramLabel = "<share>",
      defaultValue = "0.4",
      description =
          "Of that variance that belongs to the prompt, not to its completions (default:"
              + " ${DEFAULT-VALUE}).")
  private double promptShare;

  @Option(
      names = "--judge-sd",
      paramLabel = "<sd>",
      defaultValue = "0.06",
      description = "Between judges (default: ${DEFAULT-VALUE}).")
  private double judgeSd;

  @Option(
      names = "--decisive",
      paramLabel = "<share>",
      defaultValue = "0.66",
      description = "Of judgments that are not ties (default: ${DEFAULT-VALUE}).")
  private double decisive;

  @Option(
      names = "--studies",
      paramLabel = "<n>",
      defaultValue = "1000",
      description = "How many to draw for each number (default: ${DEFAULT-VALUE}).")
  private int studies;

  @Option(
      names = "--seed",
      paramLabel = "<n>",
      defaultValue = "1",
      description = "Of the random numbers (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--pilot",
      paramLabel = "<votes>",
      description = "Take the deviations and the share of ties from a table of votes like these.")
  private Path pilot;

  Assumptions assumed() {
    Assumptions stated =
        new Assumptions(seedSds, promptSd, promptShare, judgeSd, decisive, studies, seed);
    return pilot == null
        ? stated
        : stated.of(
            Pilot.of(ReportInput.table(pilot, Dialect.USUAL, Optional.empty(), Optional.empty())));
  }
}
