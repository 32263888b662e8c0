package dev.tiebreak.nn;

import dev.tiebreak.tensor.Tensor;

/**
 * y = x W^T + b.
 *
 * @param weight (out, in)
 * @param bias (out), or null for none
 */
record Linear(Tensor weight, Tensor bias) {
  static Linear of(Initializer init, String name, int out, int in, boolean bias) {
    return new Linear(init.matrix(name + ".weight", out, in), bias(init, name, out, bias));
  }

  /** A layer whose output is added to the residual stream. */
  static Linear residual(Initializer init, String name, int out, int in, boolean bias) {
    return new Linear(init.residualMatrix(name + ".weight", out, in), bias(init, name, out, bias));
  }

  private static Tensor bias(Initializer init, String name, int out, boolean bias) {
    return bias ? init.vector(name + ".bias", out, 0) : null;
  }

  Tensor forward(Tensor x) { // (..., in) -> (..., out)
    return x.linear(weight, bias);
  }
}
