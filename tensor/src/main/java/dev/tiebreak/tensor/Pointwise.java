package dev.tiebreak.tensor;

import java.lang.foreign.MemorySegment;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * y = f(x), elementwise. Backward: dx = dy f'(x). Functions that act on small tensors (one number
 * per token) have scalar loops only; those of activations bring vector loops too.
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
   * @param fast the same for float32; null if the scalar loops will do
   */
  record Function(
      String name,
      double p,
      double q,
      DoubleUnaryOperator value,
      DoubleBinaryOperator slope,
      VectorLoops fast) {}

  /** A function's loops over elements {@code from .. to-1}. */
  interface VectorLoops {
    void forward(MemorySegment y, MemorySegment x, long from, long to);

    void backward(
        Contribution dx, MemorySegment dy, MemorySegment x, MemorySegment y, long from, long to);
  }

  /** y, of x's shape. */
  static Tensor apply(Tensor x, Function f) {
    Tensor y = x.like();
    switch (x.backend()) {
      case CpuBackend cpu -> forward(cpu, y, x, f);
      case CudaBackend cuda ->
          cuda.kernel(Pointwise.class, f.name + "_forward", x.dtype())
              .pointer(y.address())
              .pointer(x.address())
              .real(f.p)
              .real(f.q)
              .count(x.size())
              .over(x.size());
    }
    return y.record(() -> backward(x, y, f), f.value.getClass(), x);
  }

  private static void forward(CpuBackend cpu, Tensor y, Tensor x, Function f) {
    boolean fast = f.fast != null && cpu.vectorises(x.dtype());
    cpu.forElements(
        y.size(),
        (from, to, worker) -> {
          if (fast) {
            f.fast.forward(y.memory(), x.memory(), from, to);
            return;
          }
          for (long i = from; i < to; i++) {
            y.set(i, f.value.applyAsDouble(x.get(i)));
          }
        });
  }

  private static void backward(Tensor x, Tensor y, Function f) {
    Contribution dx = Contribution.ofSameType(f.name, x);
    Tensor dy = y.gradient();
    switch (x.backend()) {
      case CpuBackend cpu -> backward(cpu, dx, dy, x, y, f);
      case CudaBackend cuda ->
          cuda.kernel(Pointwise.class, f.name + "_backward", x.dtype())
              .pointer(dx.address())
              .pointer(dy.address())
              .pointer(x.address())
              .pointer(y.address())
              .real(f.p)
              .real(f.q)
              .count(x.size())
              .flag(dx.add())
              .over(x.size());
    }
  }

  private static void backward(
      CpuBackend cpu, Contribution dx, Tensor dy, Tensor x, Tensor y, Function f) {
    boolean fast = f.fast != null && cpu.vectorises(x.dtype());
    cpu.forElements(
        y.size(),
        (from, to, worker) -> {
          if (fast) {
            f.fast.backward(dx, dy.memory(), x.memory(), y.memory(), from, to);
            return;
          }
          for (long i = from; i < to; i++) {
            dx.put(i, dy.get(i) * f.slope.applyAsDouble(x.get(i), y.get(i)));
          }
        });
  }

  /** e^x. */
  static Tensor exp(Tensor x) {
    return apply(x, new Function("exp", 0, 0, Math::exp, (value, y) -> y, null));
  }

  /** Natural logarithm. */
  static Tensor log(Tensor x) {
    return apply(x, new Function("log", 0, 0, Math::log, (value, y) -> 1 / value, null));
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
            (value, y) -> exponent * Math.pow(value, exponent - 1),
            null));
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
            (value, y) -> value < low || value > high ? 0 : 1,
            null));
  }

  /** factor * x + shift. */
  static Tensor affine(Tensor x, double factor, double shift) {
    return apply(
        x,
        new Function(
            "affine", factor, shift, value -> factor * value + shift, (value, y) -> factor, null));
  }
}
