package dev.tiebreak.tensor;

import static dev.tiebreak.tensor.cpu.Simd.broadcast;
import static dev.tiebreak.tensor.cpu.Simd.lanes;
import static dev.tiebreak.tensor.cpu.Simd.load;
import static dev.tiebreak.tensor.cpu.Simd.store;
import static dev.tiebreak.tensor.cpu.Simd.tail;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * y = a + alpha b. The shape of b equals the trailing dimensions of a's: b repeats over the rows in
 * front. Backward: da = dy, db = alpha * (dy summed over the repeats).
 */
final class Add {
  private Add() {}

  /** y, of a's shape. */
  static Tensor apply(Tensor a, Tensor b, double alpha) {
    Shapes.requireTrailing(alpha < 0 ? "sub" : "add", a, b);
    Tensor y = a.like();
    repeated(y, a, b, alpha);
    return y.record(() -> backward(y, a, b, alpha), a, b);
  }

  /**
   * y = a + b, of the same shape, where b is a result that nothing else reads, not even the way
   * back of its own operation: y takes b's place, and y's gradient is b's. Saves a tensor and a
   * pass over the gradient at each residual connection.
   */
  static Tensor inPlaceOfSecond(Tensor a, Tensor b) {
    Shapes.requireSameShape("residual", a, b);
    Tensor y = b.slice(0, 0, b.dim(0));
    repeated(y, b, a, 1);
    return y.record(
        () -> {
          if (a.requiresGradient()) {
            boolean add = a.startGradient();
            Loops.accumulate(a.gradient(), y.gradient(), 1, add);
          }
        },
        a,
        b);
  }

  /** y = a + alpha b without a record; y may be a itself. */
  static void repeated(Tensor y, Tensor a, Tensor b, double alpha) {
    switch (y.backend()) {
      case CpuBackend cpu -> repeated(cpu, y, a, b, alpha);
      case CudaBackend cuda ->
          cuda.kernel(Add.class, "add_forward", y.dtype())
              .pointer(y.address())
              .pointer(a.address())
              .pointer(b.address())
              .real(alpha)
              .count(y.size())
              .count(b.size())
              .over(y.size());
    }
  }

  private static void repeated(CpuBackend cpu, Tensor y, Tensor a, Tensor b, double alpha) {
    long period = b.size();
    if (cpu.vectorises(y.dtype()) && period >= lanes()) {
      MemorySegment ys = y.memory();
      MemorySegment as = a.memory();
      MemorySegment bs = b.memory();
      float factor = (float) alpha;
      if (period == y.size()) {
        cpu.forElements(period, (f, t, w) -> addRow(ys, as, bs, factor, f, f, t - f));
      } else {
        cpu.forRows(
            y.size() / period,
            period,
            (from, to, worker) -> {
              for (long r = from; r < to; r++) {
                addRow(ys, as, bs, factor, r * period, 0, period);
              }
            });
      }
    } else {
      for (long i = 0; i < y.size(); i++) {
        y.set(i, a.get(i) + alpha * b.get(i % period));
      }
    }
  }

  private static void addRow(
      MemorySegment y,
      MemorySegment a,
      MemorySegment b,
      float alpha,
      long start,
      long startB,
      long count) {
    FloatVector factor = broadcast(alpha);
    int n = Math.toIntExact(count);
    for (int j = 0; j < n; j += lanes()) {
      VectorMask<Float> mask = tail(j, n);
      FloatVector sum = load(b, startB + j).fma(factor, load(a, start + j));
      store(y, start + j, sum, mask);
    }
  }

  /** Adds to the gradients of a and b, given that of y. */
  static void backward(Tensor y, Tensor a, Tensor b, double alpha) {
    Tensor dy = y.gradient();
    if (a.requiresGradient()) {
      boolean add = a.startGradient();
      Loops.accumulate(a.gradient(), dy, 1, add);
    }
    backwardRepeated(y, b, alpha);
  }

  /** The part of the backward pass that concerns b. */
  static void backwardRepeated(Tensor y, Tensor b, double alpha) {
    if (b.requiresGradient()) {
      boolean add = b.startGradient();
      if (b.size() == y.size()) {
        Loops.accumulate(b.gradient(), y.gradient(), alpha, add);
      } else {
        Loops.sumRows(b.gradient(), y.gradient(), alpha, add);
      }
    }
  }
}
