package dev.tiebreak.trainer.cli;

import static java.util.stream.Collectors.joining;

import dev.tiebreak.trainer.study.Study;
import dev.tiebreak.trainer.study.results.LossAnalysis;
import dev.tiebreak.trainer.study.results.LossReport;
import dev.tiebreak.trainer.study.results.StudyResults;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tiebreak study losses}: do the arms' losses tie with the baseline's? */
@Command(
    name = "losses",
    description = {
      "Compares the final validation losses of all arms with the baseline's, paired by seed: two"
          + " one-sided t-tests show a tie if there is one, within the margin that the plan fixed."
          + " Differences are corrected for all arms by Holm's procedure. In each seed, passages of the validation text are resampled. Writes losses.json,"
          + " losses.csv and losses.svg into the study's folder."
    },
    footer = {
      "  tiebreak study losses my-study          runs that are not complete are left out, and named",
      "  tiebreak study losses my-study --against gain       every arm against another than baseline"
    })
final class StudyLossesCommand extends Action {
  @Mixin private StudyParameter parameter;

  @Option(
      names = "--against",
      paramLabel = "<arm>",
      description = "The arm that the others are compared with (default: ${DEFAULT-VALUE}).",
      defaultValue = "baseline")
  private String against;

  @Override
  int run() {
    Study study = parameter.open();
    StudyResults results = StudyResults.read(study);
    LossAnalysis analysis = LossAnalysis.of(results, results.arm(against));
    List<Path> files = LossReport.write(analysis);
    terminal().out().print(LossReport.text(analysis));
    print(
        "%nWritten to %s: %s%n",
        study.folder().path(),
        files.stream().map(file -> file.getFileName().toString()).collect(joining(", ")));
    return ExitCode.OK;
  }
}
