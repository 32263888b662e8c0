package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.study.Study;
import dev.tiebreak.trainer.study.StudyPower;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tiebreak study power}: what the planned votes could show. */
@Command(
    name = "power",
    description = {
      "Simulates the study's design, many times, from an assumed truth: its seeds, prompts, completions"
          + " and judgments, with prompts, judges and seeds that differ. Prints how often each test"
          + " would find the preference, and writes power.csv and power.svg into the study's folder."
    },
    footer = {
      "  tiebreak study power my-study",
      "  tiebreak study power my-study --seed-sd=0.08 --studies=4000"
    })
final class StudyPowerCommand extends Action {
  @Mixin private StudyParameter parameter;

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

  @Override
  int run() {
    StudyPower.Assumptions assumed =
        new StudyPower.Assumptions(
            seedSds, promptSd, promptShare, judgeSd, decisive, studies, seed);
    Study study = parameter.open();
    terminal().out().print(new StudyPower(study, assumed).write(this::status));
    print("%nWritten to %s: %s, %s%n", study.folder().path(), StudyPower.TABLE, StudyPower.FIGURE);
    return ExitCode.OK;
  }
}
