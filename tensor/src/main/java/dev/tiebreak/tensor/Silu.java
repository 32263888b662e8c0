package dev.tiebreak.tensor;

/**
 * SiLU (Elfwing et al., 2017): y = x sigmoid(x). Any shape. With s = sigmoid(x): dx = dy s (1 + x
 * (1 - s)). Models use the fused {@link SwiGlu}; this is its building block for other designs. Its
 * kernels stand in {@code Pointwise.cu}.
 */
final class Silu {
  private static final Pointwise.Function SILU =
      new Pointwise.Function(
          "silu",
          0,
          0,
          v -> v / (1 + Math.exp(-v)),
          (v, y) -> {
            double s = 1 / (1 + Math.exp(-v));
            return s * (1 + v * (1 - s));
          },
          null);

  private Silu() {}

  /** y, of x's shape. */
  static Tensor apply(Tensor x) {
    return Pointwise.apply(x, SILU);
  }
}
