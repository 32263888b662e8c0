package dev.tiebreak.tensor;

import static dev.tiebreak.tensor.cpu.Simd.lanes;
import static dev.tiebreak.tensor.cpu.Simd.load;
import static dev.tiebreak.tensor.cpu.Simd.store;
import static dev.tiebreak.tensor.cpu.Simd.tail;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * y = a b, elementwise. The shape of b equals the trailing dimensions of a's: b repeats over the
 * rows in front. Backward: da = dy b, db = (dy a) summed over the repeats.
 */
final class Multiply {
  private Multiply() {}

  /** y, of a's shape. */
  static Tensor apply(Tensor a, Tensor b) {
    Shapes.requireTrailing("mul", a, b);
    Tensor y = a.like();
    multiply(y, a, b, false);
    return y.record(() -> backward(y, a, b), a, b);
  }

  private static void multiply(Tensor y, Tensor a, Tensor b, boolean add) {
    switch (y.backend()) {
      case CpuBackend cpu -> multiply(cpu, y, a, b, add);
      case CudaBackend cuda ->
          cuda.kernel(Multiply.class, Loops.name("multiply", y, a), a.dtype())
              .pointer(y.address())
              .pointer(a.address())
              .pointer(b.address())
              .count(y.size())
              .count(b.size())
              .flag(add)
              .over(y.size());
    }
  }

  private static void multiply(CpuBackend cpu, Tensor y, Tensor a, Tensor b, boolean add) {
    long period = b.size();
    if (cpu.vectorises(y.dtype()) && period >= lanes()) {
      MemorySegment ys = y.memory();
      MemorySegment as = a.memory();
      MemorySegment bs = b.memory();
      cpu.forRows(
          y.size() / period,
          period,
          (from, to, worker) -> {
            for (long r = from; r < to; r++) {
              multiplyRow(ys, as, bs, r * period, period, add);
            }
          });
    } else {
      for (long i = 0; i < y.size(); i++) {
        y.put(i, a.get(i) * b.get(i % period), add);
      }
    }
  }

  private static void multiplyRow(
      MemorySegment y, MemorySegment a, MemorySegment b, long start, long count, boolean add) {
    int n = Math.toIntExact(count);
    for (int j = 0; j < n; j += lanes()) {
      VectorMask<Float> mask = tail(j, n);
      FloatVector product = load(a, start + j).mul(load(b, j));
      store(y, start + j, add ? load(y, start + j).add(product) : product, mask);
    }
  }

  private static void backward(Tensor y, Tensor a, Tensor b) {
    Tensor dy = y.gradient();
    if (a.requiresGradient()) {
      boolean add = a.startGradient();
      multiply(a.gradient(), dy, b, add);
    }
    if (b.requiresGradient()) {
      boolean add = b.startGradient();
      if (b.size() == y.size()) {
        multiply(b.gradient(), dy, a, add);
      } else {
        Tensor products = y.like();
        multiply(products, dy, a, false);
        Loops.sumRows(b.gradient(), products, 1, add);
        products.giveBack();
      }
    }
  }
}
