package dev.tiebreak.trainer.lab.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.trainer.lab.checkpoint.Checkpoint;
import dev.tiebreak.trainer.lab.config.Arms;
import dev.tiebreak.trainer.lab.config.ConfigBuilder;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.data.Holdout;
import dev.tiebreak.trainer.lab.data.TextSource;
import dev.tiebreak.trainer.lab.device.Device;
import dev.tiebreak.trainer.lab.tokenizer.TokenizerSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Tiny runs: a few steps of a few thousand weights on a text of a few thousand letters. */
final class Runs {
  static final String TEXT = "the quick brown fox jumps over the lazy dog; ".repeat(60);

  private Runs() {}

  /** Six steps of two micro-batches, with dropout, a checkpoint at every second step. */
  static TrainConfig config(String arm, String... assignments) {
    return shaped(assignments).withArm(Arms.get(arm));
  }

  /** The same with the shapings that are set. */
  static TrainConfig shaped(String... assignments) {
    ConfigBuilder builder =
        ConfigBuilder.preset("tiny")
            .set("model.channels=16")
            .set("model.sequence_length=16")
            .set("model.dropout=0.1")
            .set("training.steps=6")
            .set("training.batch=3")
            .set("training.accumulation=2")
            .set("training.threads=2")
            .set("optimizer.warmup=2")
            .set("gain.warmup=2")
            .set("gain.scope=running")
            .set("evaluation.every=2")
            .set("evaluation.batches=2")
            .set("checkpoint.every=2")
            .set("logging.every=1");
    List.of(assignments).forEach(builder::set);
    return builder.build();
  }

  static Dataset data(Path folder) {
    return data(folder, TEXT);
  }

  static Dataset data(Path folder, String text) {
    return Dataset.prepare(
        TextSource.ofText("text", text),
        TokenizerSpec.parse("bytes"),
        new Holdout.End(0.9),
        folder.resolve("cache"),
        status -> {});
  }

  static TrainResult train(TrainConfig config, Dataset data, Path folder, HeldRun.Mode mode) {
    return train(config, data, folder, mode, Long.MAX_VALUE);
  }

  /** Trains and asks for a stop once so many steps are done. */
  static TrainResult train(
      TrainConfig config, Dataset data, Path folder, HeldRun.Mode mode, long stopAfter) {
    AtomicReference<Trainer> trainer = new AtomicReference<>();
    TrainListener stopper =
        new TrainListener() {
          @Override
          public void stepped(StepMetrics metrics, boolean logged) {
            if (metrics.step() >= stopAfter) {
              trainer.get().requestStop();
            }
          }
        };
    try (HeldRun run = HeldRun.open(folder, mode)) {
      trainer.set(new Trainer(config, data, run, Device.cpu(), stopper));
      return trainer.get().run();
    }
  }

  /** Compares everything that must be equal in equal runs. */
  static void assertSameBytes(Path actual, Path expected) {
    for (String file : List.of("config.toml", "tokenizer.json")) {
      assertThat(actual.resolve(file)).hasSameBinaryContentAs(expected.resolve(file));
    }
    List<Checkpoint> checkpoints = new RunFolder(expected).checkpoints().all();
    assertThat(checkpoints).isNotEmpty();
    for (Checkpoint checkpoint : checkpoints) {
      for (String file : List.of(Checkpoint.WEIGHTS, Checkpoint.OPTIMIZER, Checkpoint.STATE)) {
        Path of = checkpoint.folder().resolve(file);
        assertThat(actual.resolve(expected.relativize(of))).hasSameBinaryContentAs(of);
      }
    }
    for (String file : List.of("examination.json", "validation.safetensors")) {
      if (Files.exists(expected.resolve(file))) {
        assertThat(actual.resolve(file)).hasSameBinaryContentAs(expected.resolve(file));
      }
    }
    assertThat(withoutTiming(actual)).isEqualTo(withoutTiming(expected));
  }

  /** The lines of the metrics without what depends on the clock. */
  static List<JsonNode> withoutTiming(Path run) {
    return metrics(run).stream()
        .map(json -> {
          ((ObjectNode) json).remove("timing");
          return json;
        })
        .toList();
  }

  static List<JsonNode> metrics(Path run) {
    try {
      return Files.readAllLines(run.resolve("metrics.jsonl")).stream()
          .map(line -> JsonMapper.shared().readTree(line))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
