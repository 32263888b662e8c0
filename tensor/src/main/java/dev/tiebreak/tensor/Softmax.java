package dev.tiebreak.tensor;

import static dev.tiebreak.tensor.cpu.Simd.addProduct;
import static dev.tiebreak.tensor.cpu.Simd.broadcast;
import static dev.tiebreak.tensor.cpu.Simd.lanes;
import static dev.tiebreak.tensor.cpu.Simd.load;
import static dev.tiebreak.tensor.cpu.Simd.store;
import static dev.tiebreak.tensor.cpu.Simd.sum;
import static dev.tiebreak.tensor.cpu.Simd.tail;

import dev.tiebreak.tensor.cpu.FloatRows;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * y[r, j] = e^(x[r, j] - max_r) / sum over k of e^(x[r, k] - max_r), over the last dimension.
 * Backward: dx[r, j] = y[r, j] (dy[r, j] - sum over k of dy[r, k] y[r, k]).
 */
final class Softmax {
  private Softmax() {}

  /** y, of x's shape; every row sums to 1. */
  static Tensor apply(Tensor x) {
    Tensor y = x.like();
    int n = x.shape().columns();
    switch (x.backend()) {
      case CpuBackend cpu -> forward(cpu, y, x, n);
      case CudaBackend cuda ->
          cuda.kernel(Softmax.class, "softmax_forward", x.dtype())
              .pointer(y.address())
              .pointer(x.address())
              .count(n)
              .rows(x.shape().rows(), n);
    }
    return y.record(() -> backward(x, y, n), x);
  }

  private static void forward(CpuBackend cpu, Tensor y, Tensor x, int n) {
    boolean fast = cpu.vectorises(x.dtype());
    cpu.forRows(
        x.shape().rows(),
        n,
        (from, to, worker) -> {
          for (long r = from; r < to; r++) {
            if (fast) {
              row(y.memory(), x.memory(), r * n, n);
            } else {
              row(y, x, r * n, n);
            }
          }
        });
  }

  private static void row(Tensor y, Tensor x, long start, int n) {
    double max = Double.NEGATIVE_INFINITY;
    for (long i = start; i < start + n; i++) {
      max = Math.max(max, x.get(i));
    }
    double sum = 0;
    for (long i = start; i < start + n; i++) {
      sum += Math.exp(x.get(i) - max);
    }
    for (long i = start; i < start + n; i++) {
      y.set(i, Math.exp(x.get(i) - max) / sum);
    }
  }

  private static void row(MemorySegment y, MemorySegment x, long start, int n) {
    float max = FloatRows.maximum(x, start, n);
    float inverse = 1 / FloatRows.exponentials(y, x, start, n, max);
    for (int j = 0; j < n; j += lanes()) {
      VectorMask<Float> mask = tail(j, n);
      store(y, start + j, load(y, start + j).mul(broadcast(inverse)), mask);
    }
  }

  private static void backward(Tensor x, Tensor y, int n) {
    boolean add = x.startGradient();
    Tensor dx = x.gradient();
    Tensor dy = y.gradient();
    Shapes.requireSameType("softmax", dx, x);
    switch (x.backend()) {
      case CpuBackend cpu -> backward(cpu, dx, y, dy, n, add);
      case CudaBackend cuda ->
          cuda.kernel(Softmax.class, "softmax_backward", x.dtype())
              .pointer(dx.address())
              .pointer(dy.address())
              .pointer(y.address())
              .count(n)
              .flag(add)
              .rows(x.shape().rows(), n);
    }
  }

  private static void backward(CpuBackend cpu, Tensor dx, Tensor y, Tensor dy, int n, boolean add) {
    boolean fast = cpu.vectorises(y.dtype());
    cpu.forRows(
        y.shape().rows(),
        n,
        (from, to, worker) -> {
          for (long r = from; r < to; r++) {
            if (fast) {
              backwardRow(dx.memory(), y.memory(), dy.memory(), r * n, n, add);
            } else {
              backwardRow(dx, y, dy, r * n, n, add);
            }
          }
        });
  }

  private static void backwardRow(Tensor dx, Tensor y, Tensor dy, long start, int n, boolean add) {
    double dot = 0;
    for (long i = start; i < start + n; i++) {
      dot += dy.get(i) * y.get(i);
    }
    for (long i = start; i < start + n; i++) {
      dx.put(i, y.get(i) * (dy.get(i) - dot), add);
    }
  }

  private static void backwardRow(
      MemorySegment dx, MemorySegment y, MemorySegment dy, long start, int n, boolean add) {
    FloatVector products = broadcast(0);
    for (int j = 0; j < n; j += lanes()) {
      VectorMask<Float> mask = tail(j, n);
      products = addProduct(products, load(dy, start + j), load(y, start + j), mask);
    }
    FloatVector dot = broadcast(sum(products));
    for (int j = 0; j < n; j += lanes()) {
      VectorMask<Float> mask = tail(j, n);
      FloatVector d = load(y, start + j).mul(load(dy, start + j).sub(dot));
      store(dx, start + j, add ? load(dx, start + j).add(d) : d, mask);
    }
  }
}
