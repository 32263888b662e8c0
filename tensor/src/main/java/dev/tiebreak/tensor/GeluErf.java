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

  private static final Pointwise.Function GELU_ERF =
      new Pointwise.Function(
          "gelu_erf",
          0,
          0,
          v -> v / 2 * Erfc.value(-v * ROOT_HALF),
          (v, y) -> Erfc.value(-v * ROOT_HALF) / 2 + v * DENSITY * Math.exp(-v * v / 2),
          new Fast());

  private GeluErf() {}

  /** y, of x's shape. */
  static Tensor apply(Tensor x) {
    return Pointwise.apply(x, GELU_ERF);
  }

  private static final class Fast implements Pointwise.VectorLoops {
    @Override
    public void forward(MemorySegment y, MemorySegment x, long from, long to) {
      int n = Math.toIntExact(to - from);
      for (int j = 0; j < n; j += lanes()) {
        VectorMask<Float> mask = tail(j, n);
        long i = from + j;
        FloatVector v = load(x, i);
        store(y, i, v.mul(erfc(v.mul(MINUS_ROOT_HALF)).mul(HALF)), mask);
      }
    }

    @Override
    public void backward(
        Contribution dx, MemorySegment dy, MemorySegment x, MemorySegment y, long from, long to) {
      MemorySegment target = dx.memory();
      boolean add = dx.add();
      int n = Math.toIntExact(to - from);
      for (int j = 0; j < n; j += lanes()) {
        VectorMask<Float> mask = tail(j, n);
        long i = from + j;
        FloatVector v = load(x, i);
        FloatVector density = exp(v.mul(v).mul(MINUS_HALF)).mul(DENSITY_LANES);
        FloatVector quotient = load(y, i).div(v); // F(x), but 0 / 0 near 0
        FloatVector distribution = quotient.blend(HALF, v.abs().lt(TINY));
        FloatVector d = load(dy, i).mul(v.fma(density, distribution));
        store(target, i, add ? load(target, i).add(d) : d, mask);
      }
    }
  }
}
