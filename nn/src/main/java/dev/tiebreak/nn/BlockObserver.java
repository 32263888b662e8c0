package dev.tiebreak.nn;

import dev.tiebreak.tensor.Tensor;

/** Hears what each block did to its input during a recorded forward pass. */
@FunctionalInterface
public interface BlockObserver {
  /** What there is to hear about a block with input x and output y (B, T, C). */
  enum Quantity {
    /** ||y - x|| / ||x||, see {@link Tensor#divergence}. */
    DIVERGENCE,
    /** Mean over tokens of 1 - cos(x, y), see {@link Tensor#cosineDistance}. */
    COSINE_DISTANCE
  }

  /**
   * Called after block {@code layer} has run.
   *
   * @param value the quantity that was asked for: a scalar of the wide type in the open tape's
   *     scope
   */
  void observe(int layer, Tensor value);
}
