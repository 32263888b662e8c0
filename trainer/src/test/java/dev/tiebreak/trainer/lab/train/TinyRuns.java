package dev.tiebreak.trainer.lab.train;

import dev.tiebreak.trainer.lab.config.ConfigBuilder;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.data.Holdout;
import dev.tiebreak.trainer.lab.data.TextSource;
import dev.tiebreak.trainer.lab.device.Device;
import dev.tiebreak.trainer.lab.tokenizer.TokenizerSpec;
import java.nio.file.Path;

/** Runs of a few steps of a few thousand weights on a text of a few thousand letters. */
public final class TinyRuns {
  private static final String TEXT = "the quick brown fox jumps over the lazy dog; ".repeat(60);

  private TinyRuns() {}

  /** Six steps of 16 channels and 16 tokens, evaluated at every second; more keys replace these. */
  public static TrainConfig config(String... assignments) {
    ConfigBuilder builder =
        ConfigBuilder.preset("tiny")
            .set("model.channels=16")
            .set("model.sequence_length=16")
            .set("training.steps=6")
            .set("training.batch=3")
            .set("training.threads=1")
            .set("optimizer.warmup=2")
            .set("gain.warmup=2")
            .set("evaluation.every=2")
            .set("evaluation.batches=2");
    for (String assignment : assignments) {
      builder.set(assignment);
    }
    return builder.build();
  }

  /** The text in bytes; its cache is below the folder. */
  public static Dataset data(Path folder) {
    return Dataset.prepare(
        TextSource.ofText("text", TEXT),
        TokenizerSpec.parse("bytes"),
        new Holdout.End(0.9),
        folder.resolve("cache"),
        status -> {});
  }

  /** Trains a new run. */
  public static TrainResult train(TrainConfig config, Dataset data, Path folder) {
    try (HeldRun run = HeldRun.open(folder, HeldRun.Mode.NEW)) {
      return new Trainer(config, data, run, Device.cpu(), TrainListener.NONE).run();
    }
  }
}
