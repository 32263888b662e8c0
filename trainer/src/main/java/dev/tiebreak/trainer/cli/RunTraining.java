package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.device.Device;
import dev.tiebreak.trainer.lab.train.HeldRun;
import dev.tiebreak.trainer.lab.train.TrainResult;
import dev.tiebreak.trainer.lab.train.Trainer;

/**
 * A run that was trained while a person watched, and could stop it.
 *
 * @param signal the exit code of the signal that stopped it; 0 if none came
 */
record RunTraining(TrainResult result, int signal) {
  /** Trains a run, with its progress on the error stream. */
  static RunTraining run(
      Terminal terminal, TrainConfig config, Dataset data, HeldRun folder, Device device) {
    TrainProgress progress = new TrainProgress(terminal);
    Trainer trainer = new Trainer(config, data, folder, device, progress);
    Runnable stop =
        () -> {
          trainer.requestStop();
          progress.note(
              "stopping after this step, with a checkpoint; press Ctrl-C again to quit at once");
        };
    try (StopSignals signals = StopSignals.listen(stop)) {
      return new RunTraining(trainer.run(), signals.exitCode());
    } finally {
      progress.finish();
    }
  }
}
