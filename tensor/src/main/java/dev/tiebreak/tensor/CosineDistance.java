package dev.tiebreak.tensor;

import static dev.tiebreak.tensor.cpu.Simd.addProduct;
import static dev.tiebreak.tensor.cpu.Simd.broadcast;
import static dev.tiebreak.tensor.cpu.Simd.lanes;
import static dev.tiebreak.tensor.cpu.Simd.load;
import static dev.tiebreak.tensor.cpu.Simd.sum;
import static dev.tiebreak.tensor.cpu.Simd.tail;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * How far rows turned: the mean over rows r of 1 - x_r y_r / max(||x_r|| ||y_r||, 1e-30), a scalar
 * without a gradient. With x (B, T, C) a block's input and y its output it is the block's influence
 * (ShortGPT, Men et al., 2024, equation 1). A row of zeros counts as turned by a right angle.
 */
final class CosineDistance {
  private static final double SMALLEST_PRODUCT = 1e-30;

  private CosineDistance() {}

  /** The mean distance of the rows of x and y (..., C), which have the same shape; detached. */
  static Tensor apply(Tensor x, Tensor y) {
    Shapes.requireSameShape("cosine distance", x, y);
    int n = x.shape().columns();
    Tensor distances = x.wideResult(Shape.of(Math.toIntExact(x.shape().rows())));
    switch (x.backend()) {
      case CpuBackend cpu -> {
        boolean fast = cpu.vectorises(x.dtype());
        cpu.forRows(
            distances.size(),
            n,
            (from, to, worker) -> {
              for (long r = from; r < to; r++) {
                distances.set(
                    r, fast ? row(x.memory(), y.memory(), r * n, n) : row(x, y, r * n, n));
              }
            });
      }
      case CudaBackend cuda ->
          cuda.kernel(CosineDistance.class, "cosine_distance_forward", x.dtype())
              .pointer(distances.address())
              .pointer(x.address())
              .pointer(y.address())
              .count(n)
              .rows(distances.size(), n);
    }
    Tensor mean = distances.mean();
    distances.giveBack();
    return mean;
  }

  private static double row(Tensor x, Tensor y, long start, int n) {
    double product = 0;
    double ofX = 0;
    double ofY = 0;
    for (long i = start; i < start + n; i++) {
      product += x.get(i) * y.get(i);
      ofX += x.get(i) * x.get(i);
      ofY += y.get(i) * y.get(i);
    }
    return distance(product, ofX, ofY);
  }

  private static double row(MemorySegment x, MemorySegment y, long start, int n) {
    FloatVector product = broadcast(0);
    FloatVector ofX = broadcast(0);
    FloatVector ofY = broadcast(0);
    for (int j = 0; j < n; j += lanes()) {
      VectorMask<Float> mask = tail(j, n);
      FloatVector from = load(x, start + j);
      FloatVector to = load(y, start + j);
      product = addProduct(product, from, to, mask);
      ofX = addProduct(ofX, from, from, mask);
      ofY = addProduct(ofY, to, to, mask);
    }
    return distance(sum(product), sum(ofX), sum(ofY));
  }

  private static double distance(double product, double ofX, double ofY) {
    return 1 - product / Math.max(Math.sqrt(ofX) * Math.sqrt(ofY), SMALLEST_PRODUCT);
  }
}
