package dev.tiebreak.nn;

import dev.tiebreak.tensor.Tensor;

/** Hears how far each block moved its input during a recorded forward pass. */
@FunctionalInterface
public interface BlockObserver {
  /**
   * Called after block {@code layer} has run.
   *
   * @param divergence ||y - x|| / ||x|| of the block's input x and output y (B, T, C): a scalar of
   *     the wide type in the open tape's scope, see {@link dev.tiebreak.tensor.op.Divergence}
   */
  void observe(int layer, Tensor divergence);
}
