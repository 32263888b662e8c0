package dev.tiebreak.trainer.demo;

import dev.tiebreak.trainer.UserError;
import dev.tiebreak.trainer.config.Arms;
import dev.tiebreak.trainer.config.TrainConfig;
import dev.tiebreak.trainer.data.Dataset;
import dev.tiebreak.trainer.device.Device;
import dev.tiebreak.trainer.train.RunFolder;
import dev.tiebreak.trainer.train.RunManifest;
import dev.tiebreak.trainer.train.TrainListener;
import dev.tiebreak.trainer.train.TrainResult;
import dev.tiebreak.trainer.train.Trainer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Two runs that differ in the arm only.
 *
 * @param baseline plain cross-entropy
 * @param both token gain and layer scaling
 */
public record Twins(TrainResult baseline, TrainResult both) {
  /**
   * Trains the baseline and then its twin, in two folders beside each other. A run that is complete
   * is not trained again, one that was interrupted goes on.
   *
   * @param config of both; its arm is replaced
   * @param folder gets one folder per arm
   * @param overwrite whether runs that are there are thrown away first
   * @param listeners makes the listener of an arm
   * @param onTrainer told each trainer before it runs, so that it can be stopped
   * @return the results; incomplete if a trainer was stopped
   */
  public static Twins train(
      TrainConfig config,
      Dataset data,
      Path folder,
      boolean overwrite,
      Function<String, TrainListener> listeners,
      BiConsumer<String, Trainer> onTrainer) {
    TrainResult baseline =
        train(config, Arms.BASELINE, data, folder, overwrite, listeners, onTrainer);
    if (!baseline.complete()) {
      return new Twins(baseline, null);
    }
    TrainResult both = train(config, Arms.BOTH, data, folder, overwrite, listeners, onTrainer);
    Twins twins = new Twins(baseline, both);
    if (!twins.startedEqual()) {
      throw new UserError(
          "the runs in %s did not start equal; train them again with --overwrite"
              .formatted(folder));
    }
    return twins;
  }

  private static TrainResult train(
      TrainConfig config,
      String arm,
      Dataset data,
      Path folder,
      boolean overwrite,
      Function<String, TrainListener> listeners,
      BiConsumer<String, Trainer> onTrainer) {
    Path path = folder.resolve(arm);
    boolean there = Files.exists(RunFolder.view(path).manifest());
    RunFolder.Mode mode =
        overwrite ? RunFolder.Mode.OVERWRITE : there ? RunFolder.Mode.RESUME : RunFolder.Mode.NEW;
    try (RunFolder run = RunFolder.open(path, mode)) {
      Trainer trainer =
          new Trainer(config.withArm(Arms.get(arm)), data, run, Device.cpu(), listeners.apply(arm));
      onTrainer.accept(arm, trainer);
      return trainer.run();
    }
  }

  /** Whether both runs are done. */
  public boolean complete() {
    return both != null && both.complete();
  }

  /** Whether initial weights, data and data order are equal, by their hashes. */
  public boolean startedEqual() {
    RunManifest a = baseline.manifest();
    RunManifest b = both.manifest();
    return a.initialWeightsHash().equals(b.initialWeightsHash())
        && a.data().equals(b.data())
        && a.dataOrderHash().equals(b.dataOrderHash());
  }

  /** The final validation loss of {@code both} less that of the baseline, in nats per token. */
  public double difference() {
    return both.summary().valLoss() - baseline.summary().valLoss();
  }
}
