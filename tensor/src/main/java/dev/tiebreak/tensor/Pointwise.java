package dev.tiebreak.tensor;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * y = f(x), elementwise, for functions that act on small tensors (one number per token): plain
 * scalar loops on the CPU. Backward: dx = dy f'(x).
 */
final class Pointwise {
  private Pointwise() {}

  /**
   * What to apply to each element.
   *
   * @param name its kernels in {@code Pointwise.cu} are {@code name_forward} and {@code
   *     name_backward}
   * @param p first constant of the kernels
   * @param q second constant of the kernels
   * @param value f
   * @param slope f' as a function of (x, y)
   */
  record Function(
      String name, double p, double q, DoubleUnaryOperator value, DoubleBinaryOperator slope) {}

  /** y, of x's shape. */
  static Tensor apply(Tensor x, Function f) {
    Tensor y = x.like();
    switch (x.backend()) {
      case CpuBackend cpu ->
          cpu.forElements(
              y.size(),
              (from, to, worker) -> {
                for (long i = from; i < to; i++) {
                  y.set(i, f.value.applyAsDouble(x.get(i)));
                }
              });
      case CudaBackend cuda ->
          cuda.kernel(Pointwise.class, f.name + "_forward", x.dtype())
              .pointer(y.address())
              .pointer(x.address())
              .real(f.p)
              .real(f.q)
              .count(x.size())
              .over(x.size());
    }
    return y.record(() -> backward(x, y, f), x);
  }

  private static void backward(Tensor x, Tensor y, Function f) {
    boolean add = x.startGradient();
    Tensor dx = x.gradient();
    Tensor dy = y.gradient();
    Shapes.requireSameType(f.name, dx, x);
    switch (x.backend()) {
      case CpuBackend cpu ->
          cpu.forElements(
              y.size(),
              (from, to, worker) -> {
                for (long i = from; i < to; i++) {
                  dx.put(i, dy.get(i) * f.slope.applyAsDouble(x.get(i), y.get(i)), add);
                }
              });
      case CudaBackend cuda ->
          cuda.kernel(Pointwise.class, f.name + "_backward", x.dtype())
              .pointer(dx.address())
              .pointer(dy.address())
              .pointer(x.address())
              .pointer(y.address())
              .real(f.p)
              .real(f.q)
              .count(x.size())
              .flag(add)
              .over(x.size());
    }
  }

  /** e^x. */
  static Tensor exp(Tensor x) {
    return apply(x, new Function("exp", 0, 0, Math::exp, (value, y) -> y));
  }

  /** Natural logarithm. */
  static Tensor log(Tensor x) {
    return apply(x, new Function("log", 0, 0, Math::log, (value, y) -> 1 / value));
  }

  /** x to a constant power. */
  static Tensor power(Tensor x, double exponent) {
    return apply(
        x,
        new Function(
            "power",
            exponent,
            0,
            value -> Math.pow(value, exponent),
            (value, y) -> exponent * Math.pow(value, exponent - 1)));
  }

  /** min(max(x, low), high); the gradient is zero where the value was clamped. */
  static Tensor clamp(Tensor x, double low, double high) {
    Shapes.require(low <= high, "clamp: low %s is above high %s", low, high);
    return apply(
        x,
        new Function(
            "clamp",
            low,
            high,
            value -> Math.clamp(value, low, high),
            (value, y) -> value < low || value > high ? 0 : 1));
  }

  /** factor * x + shift. */
  static Tensor affine(Tensor x, double factor, double shift) {
    return apply(
        x,
        new Function(
            "affine", factor, shift, value -> factor * value + shift, (value, y) -> factor));
  }
}
