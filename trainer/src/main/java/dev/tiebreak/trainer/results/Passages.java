package dev.tiebreak.trainer.results;

import dev.tiebreak.trainer.UserError;
import dev.tiebreak.trainer.checkpoint.SafetensorsReader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The losses of validation tokens, passage by passage.
 *
 * @param losses (W, T), in nats
 * @param targets the tokens, row by row; equal in runs that can be paired
 */
record Passages(double[][] losses, long[] targets) {

  /**
   * Reads a run's {@code validation.safetensors}.
   *
   * @throws UserError if it is damaged
   */
  static Passages read(Path file) {
    try (SafetensorsReader reader = SafetensorsReader.open(file)) {
      List<Integer> shape = reader.tensor("losses").shape();
      if (shape.size() != 2) {
        throw new UserError("the losses in " + file + " are not passages of tokens; train again");
      }
      int length = shape.get(1);
      double[] flat = reader.doubles("losses");
      double[][] losses = new double[shape.getFirst()][];
      for (int w = 0; w < losses.length; w++) {
        losses[w] = Arrays.copyOfRange(flat, w * length, (w + 1) * length);
      }
      return new Passages(losses, reader.longs("targets"));
    }
  }

  /** Whether the tokens are the same, so that losses can be paired. */
  boolean pairsWith(Passages other) {
    return losses.length == other.losses.length && Arrays.equals(targets, other.targets);
  }
}
