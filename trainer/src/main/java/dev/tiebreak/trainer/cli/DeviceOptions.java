package dev.tiebreak.trainer.cli;

import dev.tiebreak.tensor.attention.AttentionChoice;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.device.Device;
import picocli.CommandLine.Option;

/** The options that say where to compute, for every command that does. */
final class DeviceOptions {
  @Option(
      names = "--device",
      paramLabel = "<device>",
      defaultValue = "auto",
      description =
          "auto, cpu, cuda or cuda:<n> (default: ${DEFAULT-VALUE}: a GPU if CUDA is usable).")
  private String device;

  @Option(
      names = "--attention",
      paramLabel = "<which>",
      defaultValue = "auto",
      description =
          "Kernels for attention on a GPU: auto, cudnn, own (default: ${DEFAULT-VALUE}: cuDNN's"
              + " where it can).")
  private String attention;

  /** The device that the options name. */
  Device device() {
    for (AttentionChoice choice : AttentionChoice.values()) {
      if (choice.label().equals(attention)) {
        return Device.of(device, choice.asOption());
      }
    }
    throw new UserError(Words.of("--attention is '%s'; it must be auto, cudnn or own", attention));
  }
}
