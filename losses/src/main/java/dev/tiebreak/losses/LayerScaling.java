package dev.tiebreak.losses;

import dev.tiebreak.nn.AdamW;
import dev.tiebreak.nn.Gpt;
import java.util.Map;

/**
 * Changes how strongly each block learns. Acts through the model's block observers and gradient
 * hooks only: once made, the training loop need not know of it.
 */
public sealed interface LayerScaling permits NoScaling, DivergenceScaling {
  /** Every block as it is: the baseline. */
  static LayerScaling none() {
    return new NoScaling();
  }

  /** Blocks that change the representation more learn more, see {@link DivergenceScaling}. */
  static LayerScaling divergence(Gpt model, AdamW optimizer, DivergenceScaling.Settings settings) {
    return new DivergenceScaling(model, optimizer, settings);
  }

  /** Name and value pairs about the last step for a log: per block {@code d} and {@code f}. */
  Map<String, Double> diagnostics();
}
