package dev.tiebreak.losses;

import dev.tiebreak.nn.AdamW;
import dev.tiebreak.nn.Gpt;
import java.util.Map;

/**
 * Changes how strongly each block learns. Acts through the model's block observers and gradient
 * hooks only: once made, the training loop need not know of it.
 */
public sealed interface LayerScaling permits NoScaling, BlockScaling {
  /** Every block as it is: the baseline. */
  static LayerScaling none() {
    return new NoScaling();
  }

  /**
   * Blocks that change the representation more learn more, see {@link BlockScaling}.
   *
   * @param seed decides the order of shuffled factors
   */
  static LayerScaling of(Gpt model, AdamW optimizer, BlockScaling.Settings settings, long seed) {
    return new BlockScaling(model, optimizer, settings, seed);
  }

  /** Leaves out what forward passes have told since the last step: they were of no step. */
  void forget();

  /** Name and value pairs about the last step for a log: per block {@code d} and {@code f}. */
  Map<String, Double> diagnostics();
}
