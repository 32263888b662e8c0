package dev.tiebreak.nn;

import dev.tiebreak.tensor.Tensor;

/** Looks at what goes into and comes out of each block during a recorded forward pass. */
@FunctionalInterface
public interface BlockObserver {
  /**
   * Called after block {@code layer} has run.
   *
   * @param input (B, T, C)
   * @param output (B, T, C)
   */
  void observe(int layer, Tensor input, Tensor output);
}
