package dev.tiebreak.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Where things are in a run folder. */
final class Runs {
  private Runs() {}

  static Path checkpoint(Path run, long step) {
    return run.resolve("checkpoints").resolve(String.format(Locale.ROOT, "step-%07d", step));
  }

  static Path weights(Path run, long step) {
    return checkpoint(run, step).resolve("weights.safetensors");
  }

  /** Compares the bytes of a checkpoint: weights, moments and counts. */
  static void assertSameCheckpoint(Path actual, Path expected, long step) {
    for (String file : List.of("weights.safetensors", "optimizer.safetensors", "state.json")) {
      assertThat(checkpoint(actual, step).resolve(file))
          .hasSameBinaryContentAs(checkpoint(expected, step).resolve(file));
    }
  }
}
