package dev.tiebreak.tensor;

import static dev.tiebreak.tensor.cpu.Simd.broadcast;
import static dev.tiebreak.tensor.cpu.Simd.erfc;
import static dev.tiebreak.tensor.cpu.Simd.exp;
import static dev.tiebreak.tensor.cpu.Simd.lanes;
import static dev.tiebreak.tensor.cpu.Simd.load;
import static dev.tiebreak.tensor.cpu.Simd.store;
import static dev.tiebreak.tensor.cpu.Simd.tail;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.apache.commons.numbers.gamma.Erfc;

/**
 * GELU in its exact form (Hendrycks and Gimpel, 2016): y = x F(x), F(x) = erfc(-x / sqrt 2) / 2,
 * the standard normal distribution function. Any shape. dx = dy (F(x) + x e^(-x^2/2) / sqrt(2 pi)),
 * where the vector loop takes F(x) from y / x.
 */
final class GeluErf {
  private static final double ROOT_HALF = Math.sqrt(0.5);
  private static final double DENSITY = 1 / Math.sqrt(2 * Math.PI);
  private static final FloatVector TINY = broadcast(1e-30f);
  private static final FloatVector MINUS_ROOT_HALF = broadcast((float) -ROOT_HALF);
  private static final FloatVector HALF = broadcast(0.5f);
  private static final FloatVector MINUS_HALF = broadcast(-0.5f);
  private static final FloatVector DENSITY_LANES = broadcast((float) DENSITY);

  private GeluErf() {}

  /** y, of x's shape. */
  static Tensor apply(Tensor x) {
    Tensor y = x.like();
    switch (x.backend()) {
      case CpuBackend cpu -> forward(cpu, y, x);
      case CudaBackend cuda ->
          cuda.kernel(GeluErf.class, "gelu_erf_forward", x.dtype())
              .pointer(y.address())
              .pointer(x.address())
              .count(x.size())
              .over(x.size());
    }
    return y.record(() -> backward(x, y), x);
  }

  private static void forward(CpuBackend cpu, Tensor y, Tensor x) {
    boolean fast = cpu.vectorises(x.dtype());
    cpu.forElements(
        x.size(),
        (from, to, worker) -> {
          if (fast) {
            forward(y.memory(), x.memory(), from, to);
          } else {
            forward(y, x, from, to);
          }
        });
  }

  private static void forward(Tensor y, Tensor x, long from, long to) {
    for (long i = from; i < to; i++) {
      double v = x.get(i);
      y.set(i, v / 2 * Erfc.value(-v * ROOT_HALF));
    }
  }

  private static void forward(MemorySegment y, MemorySegment x, long from, long to) {
    int n = Math.toIntExact(to - from);
    for (int j = 0; j < n; j += lanes()) {
      VectorMask<Float> mask = tail(j, n);
      long i = from + j;
      FloatVector v = load(x, i);
      store(y, i, v.mul(erfc(v.mul(MINUS_ROOT_HALF)).mul(HALF)), mask);
    }
  }

  private static void backward(Tensor x, Tensor y) {
    boolean add = x.startGradient();
    Tensor dx = x.gradient();
    Tensor dy = y.gradient();
    Shapes.requireSameType("geluErf", dx, x);
    switch (x.backend()) {
      case CpuBackend cpu -> backward(cpu, dx, dy, x, y, add);
      case CudaBackend cuda ->
          cuda.kernel(GeluErf.class, "gelu_erf_backward", x.dtype())
              .pointer(dx.address())
              .pointer(dy.address())
              .pointer(x.address())
              .count(x.size())
              .flag(add)
              .over(x.size());
    }
  }

  private static void backward(
      CpuBackend cpu, Tensor dx, Tensor dy, Tensor x, Tensor y, boolean add) {
    boolean fast = cpu.vectorises(x.dtype());
    cpu.forElements(
        x.size(),
        (from, to, worker) -> {
          if (fast) {
            backward(dx.memory(), dy.memory(), x.memory(), y.memory(), from, to, add);
          } else {
            backward(dx, dy, x, from, to, add);
          }
        });
  }

  private static void backward(Tensor dx, Tensor dy, Tensor x, long from, long to, boolean add) {
    for (long i = from; i < to; i++) {
      double v = x.get(i);
      double slope = Erfc.value(-v * ROOT_HALF) / 2 + v * DENSITY * Math.exp(-v * v / 2);
      dx.put(i, dy.get(i) * slope, add);
    }
  }

  private static void backward(
      MemorySegment dx,
      MemorySegment dy,
      MemorySegment x,
      MemorySegment y,
      long from,
      long to,
      boolean add) {
    int n = Math.toIntExact(to - from);
    for (int j = 0; j < n; j += lanes()) {
      VectorMask<Float> mask = tail(j, n);
      long i = from + j;
      FloatVector v = load(x, i);
      FloatVector density = exp(v.mul(v).mul(MINUS_HALF)).mul(DENSITY_LANES);
      FloatVector quotient = load(y, i).div(v); // F(x), but 0 / 0 near 0
      FloatVector distribution = quotient.blend(HALF, v.abs().lt(TINY));
      FloatVector d = load(dy, i).mul(v.fma(density, distribution));
      store(dx, i, add ? load(dx, i).add(d) : d, mask);
    }
  }
}
