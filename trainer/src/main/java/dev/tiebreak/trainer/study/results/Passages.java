package dev.tiebreak.trainer.study.results;

import dev.tiebreak.trainer.lab.examine.ValidationTokens;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The losses of validation tokens, passage by passage.
 *
 * @param losses (W, T), in nats
 * @param targets the tokens, row by row; equal in runs that can be paired
 */
record Passages(double[][] losses, int[] targets) {

  /** Reads a run's {@code validation.safetensors}. */
  static Passages read(Path file) {
    ValidationTokens tokens = ValidationTokens.load(file);
    double[][] losses = new double[tokens.windows()][tokens.length()];
    for (int w = 0; w < losses.length; w++) {
      int start = w * tokens.length();
      Arrays.setAll(losses[w], t -> tokens.losses()[start + t]);
    }
    return new Passages(losses, tokens.targets());
  }

  /** Whether the tokens are the same, so that losses can be paired. */
  boolean pairsWith(Passages other) {
    return losses.length == other.losses.length && Arrays.equals(targets, other.targets);
  }
}
