package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.study.Study;
import dev.tiebreak.trainer.study.StudyFolder;
import dev.tiebreak.trainer.study.results.LossAnalysis;
import dev.tiebreak.trainer.study.results.LossReport;
import dev.tiebreak.trainer.study.results.StudyResults;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tiebreak study losses}: do the arms' losses tie with the baseline's? */
@Command(
    name = "losses",
    description = {
      "Compares the final validation losses of all arms with the baseline's, paired by seed: two"
          + " one-sided t-tests show a tie if there is one, within the margin that the plan fixed."
          + " In each seed, passages of the validation text are resampled. Writes losses.json,"
          + " losses.csv and losses.svg into the study's folder."
    },
    footer = {
      "  tiebreak study losses my-study          runs that are not complete are left out, and named"
    })
final class StudyLossesCommand extends Action {
  @Mixin private StudyParameter parameter;

  @Override
  int run() {
    Study study = parameter.open();
    StudyFolder folder = study.folder();
    LossAnalysis analysis = LossAnalysis.of(StudyResults.read(study));
    LossReport.write(analysis);
    terminal().out().print(LossReport.text(analysis));
    print(
        "%nWritten to %s: %s, %s, %s%n",
        folder.path(),
        folder.losses().getFileName(),
        folder.lossesTable().getFileName(),
        folder.lossesFigure().getFileName());
    return ExitCode.OK;
  }
}
