package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.study.Study;
import dev.tiebreak.trainer.study.StudyPower;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tiebreak study power}: what the planned votes could show. */
@Command(
    name = "power",
    description = {
      "Simulates the study's design, many times, from an assumed truth: its seeds, prompts, completions"
          + " and judgments, with prompts, judges and seeds that differ, and puts it before the rule of"
          + " the verdict. Prints how often each verdict is reached, and writes power.csv and"
          + " power.svg into the study's folder."
    },
    footer = {
      "  tiebreak study power my-study",
      "  tiebreak study power my-study --seed-sd=0.08 --studies=4000",
      "  tiebreak study power my-study --pilot pilot/votes.csv"
    })
final class StudyPowerCommand extends Action {
  @Mixin private StudyParameter parameter;

  @Mixin private PowerOptions options;

  @Override
  int run() {
    Study study = parameter.open();
    terminal().out().print(new StudyPower(study, options.assumed()).write(this::status));
    print("%nWritten to %s: %s, %s%n", study.folder().path(), StudyPower.TABLE, StudyPower.FIGURE);
    return ExitCode.OK;
  }
}
