package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.base.Sheet;
import dev.tiebreak.trainer.lab.config.TrainingConfig.Precision;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.device.Device;
import dev.tiebreak.trainer.study.Study;
import dev.tiebreak.trainer.study.StudyCheck;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tiebreak study check}: what a plan will cost, and what it can show. */
@Command(
    name = "check",
    header = "Checks a plan; says what it costs and what it can show.",
    description = {
      "Checks everything that can be checked before training: the plan, the prompts, the text, memory;"
          + " and says what the study will cost and what it can show. Trains nothing."
    },
    footer = {
      "  tiebreak study check my-study",
      "  tiebreak study check my-study --rate 400000 --device cuda    hours at 400 TFLOP/s"
    })
final class StudyCheckCommand extends Action {
  @Mixin private StudyParameter parameter;

  @Option(
      names = "--rate",
      paramLabel = "<GFLOP/s>",
      description =
          "Sustained 10^9 operations per second of all trainings together (default: measured; 400,000"
              + " for a GPU, what an H100 may reach).")
  private Double rate;

  @Option(
      names = "--device",
      paramLabel = "<device>",
      defaultValue = "auto",
      description =
          "auto, cpu, cuda, cuda:<n>; a GPU need not be there (default: ${DEFAULT-VALUE}).")
  private String deviceName;

  @Mixin private CacheOption cacheOption;

  @Override
  int run() {
    Study study = parameter.open();
    Precision precision =
        study.plan().config(study.plan().runs().getFirst()).training().precision();
    Device device = Device.planned(deviceName, precision);
    Sheet sheet;
    try (Dataset data = study.data(cacheOption.folder(), this::status)) {
      sheet = StudyCheck.of(study, data, device, Optional.ofNullable(rate));
    }
    terminal().show(sheet);
    boolean registered = study.registration().isPresent();
    print(
        "%nThe plan is %s; next: %s%n",
        registered ? "registered" : "not registered",
        parameter.command(registered ? "run" : "preregister"));
    return sheet.isSound() ? ExitCode.OK : ExitCode.FAILED;
  }
}
