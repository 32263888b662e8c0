package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.lab.config.TrainingConfig;
import dev.tiebreak.trainer.lab.device.Device;
import dev.tiebreak.trainer.lab.device.Parallelism;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say where to compute and how many models at once. */
final class ParallelOption {
  @Option(
      names = "--parallel",
      paramLabel = "<n>",
      description = "Models at once (default: processors / training.threads; one on a GPU).")
  private Integer parallel;

  @Mixin private DeviceOptions deviceOptions;

  /** The usual number, or that of the option, on a device that can train so. */
  Parallelism parallelism(TrainingConfig config) {
    Device device = deviceOptions.device();
    device.require(config.precision());
    return parallel == null
        ? Parallelism.usual(device, config)
        : new Parallelism(device, config.threadCount(), parallel);
  }
}
