package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.lab.config.Arms;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.device.Device;
import dev.tiebreak.trainer.lab.estimate.Estimate;
import dev.tiebreak.trainer.lab.estimate.Room;
import dev.tiebreak.trainer.lab.train.HeldRun;
import dev.tiebreak.trainer.lab.train.HeldRun.Mode;
import dev.tiebreak.trainer.lab.train.PreparedText;
import dev.tiebreak.trainer.lab.train.Resumption;
import java.nio.file.Path;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tiebreak train}: trains one model in a run folder. */
@Command(
    name = "train",
    description = {
      "Trains a model on a text and writes everything about it into one folder. Ctrl-C ends after"
          + " the current step with a checkpoint; --resume goes on from there to the same bytes as"
          + " if nothing had happened."
    },
    footer = {
      "  tiebreak train --preset tiny                             seconds, to see that it works",
      "  tiebreak train --preset quick --text book.txt --run runs/book",
      "  tiebreak train --preset quick --arm both --seed 2        both shapings of the signal on",
      "  tiebreak train --preset quick --set optimizer.lr=1e-3 --set training.steps=2000",
      "  tiebreak train --run runs/book --resume                  go on after Ctrl-C or a crash"
    })
final class TrainCommand extends Action {
  private static final String PRESET = "quick";

  @Mixin private ConfigOptions configOptions;

  @Mixin private RunOption runOption;

  @ArgGroup(multiplicity = "0..1")
  private ExistingRun existing = new ExistingRun();

  @Mixin private CacheOption cacheOption;

  @Mixin private DeviceOptions deviceOptions;

  @Override
  int run() {
    Mode mode = existing.mode();
    Path path = runOption.folder().orElseGet(this::usualFolder);
    String otherwise = mode == Mode.RESUME ? Resumption.file(path).toString() : PRESET;
    TrainConfig config = configOptions.config(otherwise);
    if (mode == Mode.RESUME) {
      Resumption.requireSame(path, config);
    }
    Device device = deviceOptions.device();
    device.require(config.training().precision());
    try (HeldRun folder = HeldRun.open(path, mode);
        Dataset data = PreparedText.open(config.data(), cacheOption.folder(), this::status)) {
      Estimate estimate = Room.require(config, data.manifest().vocabulary(), device, 1);
      terminal().say(TrainWords.headline(config, estimate, data, path));
      RunTraining training = RunTraining.run(terminal(), config, data, folder, device);
      terminal().out().print(TrainWords.ended(training.result(), folder.folder()));
      return training.result().complete() ? ExitCode.OK : training.signal();
    }
  }

  /** {@code runs/<preset or file>}, with the arm where it is not the baseline. */
  private Path usualFolder() {
    String name = configOptions.name().orElse(PRESET);
    String arm = configOptions.config(PRESET).arm();
    return Path.of("runs", arm.equals(Arms.BASELINE) ? name : name + "-" + arm);
  }
}
