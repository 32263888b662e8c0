package dev.tiebreak.tensor.op;

import dev.tiebreak.tensor.Tensor;

/** Changes that are not recorded, for gradient hooks and restored state. */
public final class InPlace {
  private InPlace() {}

  /** x = factor * x. */
  public static void scale(Tensor x, double factor) {
    Loops.accumulate(x, x, factor, false);
  }
}
