package dev.tiebreak.tensor.op;

import dev.tiebreak.tensor.Tensor;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * y = f(x), elementwise, for functions that act on small tensors (one number per token): plain
 * scalar loops. Backward: dx = dy f'(x).
 */
public final class Pointwise {
  private Pointwise() {}

  /**
   * y, of x's shape.
   *
   * @param slope f' as a function of (x, y)
   */
  public static Tensor apply(Tensor x, DoubleUnaryOperator f, DoubleBinaryOperator slope) {
    Tensor y = x.like();
    y.cpu()
        .forElements(
            y.size(),
            (from, to, worker) -> {
              for (long i = from; i < to; i++) {
                y.set(i, f.applyAsDouble(x.get(i)));
              }
            });
    return y.record(() -> backward(x, y, slope), x);
  }

  private static void backward(Tensor x, Tensor y, DoubleBinaryOperator slope) {
    boolean add = x.startGradient();
    Tensor dx = x.gradient();
    Tensor dy = y.gradient();
    y.cpu()
        .forElements(
            y.size(),
            (from, to, worker) -> {
              for (long i = from; i < to; i++) {
                dx.put(i, dy.get(i) * slope.applyAsDouble(x.get(i), y.get(i)), add);
              }
            });
  }

  /** e^x. */
  public static Tensor exp(Tensor x) {
    return apply(x, Math::exp, (value, y) -> y);
  }

  /** Natural logarithm. */
  public static Tensor log(Tensor x) {
    return apply(x, Math::log, (value, y) -> 1 / value);
  }

  /** x to a constant power. */
  public static Tensor power(Tensor x, double exponent) {
    return apply(
        x,
        value -> Math.pow(value, exponent),
        (value, y) -> exponent * Math.pow(value, exponent - 1));
  }

  /** min(max(x, low), high); the gradient is zero where the value was clamped. */
  public static Tensor clamp(Tensor x, double low, double high) {
    Shapes.require(low <= high, "clamp: low %s is above high %s", low, high);
    return apply(
        x,
        value -> Math.clamp(value, low, high),
        (value, y) -> value < low || value > high ? 0 : 1);
  }

  /** factor * x + shift. */
  public static Tensor affine(Tensor x, double factor, double shift) {
    return apply(x, value -> factor * value + shift, (value, y) -> factor);
  }
}
