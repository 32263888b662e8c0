package dev.tiebreak.tensor.op;

import dev.tiebreak.tensor.Tensor;

/**
 * Where a kernel writes an activation's gradient.
 *
 * @param address of the gradient; 0 if none is wanted
 * @param add whether to add to what is there
 */
record GradientTarget(long address, boolean add) {
  /** For a kernel that always has it written elsewhere, or nowhere. */
  static final GradientTarget NONE = new GradientTarget(0, false);

  /** Starts a contribution to the gradient of {@code x}, if it wants one. */
  static GradientTarget of(String op, Tensor x) {
    if (!x.requiresGradient()) {
      return NONE;
    }
    boolean add = x.startGradient();
    Shapes.requireSameType(op, x.gradient(), x);
    return new GradientTarget(x.gradient().address(), add);
  }

  boolean isWanted() {
    return address != 0;
  }
}
