package dev.tiebreak.tensor;

import static dev.tiebreak.tensor.cpu.Simd.addProduct;
import static dev.tiebreak.tensor.cpu.Simd.broadcast;
import static dev.tiebreak.tensor.cpu.Simd.lanes;
import static dev.tiebreak.tensor.cpu.Simd.load;
import static dev.tiebreak.tensor.cpu.Simd.sum;
import static dev.tiebreak.tensor.cpu.Simd.tail;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * How far a block moved its input: d = ||y - x|| / max(||x||, 1e-30) over all elements, a scalar
 * without a gradient.
 *
 * <p>Squares are summed in blocks of a fixed size and the blocks in order, so the result does not
 * depend on how threads shared the work.
 */
final class Divergence {
  private static final double SMALLEST_NORM = 1e-30; // an all-zero input has divergence 0 or huge

  private static final int BLOCK = 4096;
  private static final int FINISH_THREADS = 1024; // of the only block: as many as there can be

  private Divergence() {}

  /** d of x and y, which have the same shape; detached. */
  static Tensor apply(Tensor x, Tensor y) {
    Shapes.requireSameShape("divergence", x, y);
    return switch (x.backend()) {
      case CpuBackend cpu -> apply(cpu, x, y);
      case CudaBackend cuda -> apply(cuda, x, y);
    };
  }

  private static Tensor apply(CudaBackend cuda, Tensor x, Tensor y) {
    int slices = Sum.slices(x);
    Tensor changes = x.wideResult(Shape.of(slices));
    Tensor sizes = x.wideResult(Shape.of(slices));
    cuda.kernel(Divergence.class, "divergence_slices_forward", x.dtype())
        .pointer(changes.address())
        .pointer(sizes.address())
        .pointer(x.address())
        .pointer(y.address())
        .count(x.size())
        .rows(slices);
    return finish(cuda, changes, sizes);
  }

  /** d from ||y - x||^2 and ||x||^2, each in parts. */
  static Tensor finish(CudaBackend cuda, Tensor changes, Tensor sizes) {
    Tensor d = changes.wideResult(Shape.of());
    cuda.kernel(Divergence.class, "divergence_finish_forward", changes.dtype())
        .pointer(d.address())
        .pointer(changes.address())
        .pointer(sizes.address())
        .count(changes.size())
        .run(1, FINISH_THREADS, 0);
    return d;
  }

  private static Tensor apply(CpuBackend cpu, Tensor x, Tensor y) {
    Tensor d = x.wideResult(Shape.of());
    cpu.once(() -> d.set(0, value(cpu, x, y)));
    return d;
  }

  private static double value(CpuBackend cpu, Tensor x, Tensor y) {
    int blocks = Math.toIntExact((x.size() + BLOCK - 1) / BLOCK);
    double[] changes = new double[blocks]; // ||y - x||^2 of each block
    double[] sizes = new double[blocks]; // ||x||^2 of each block
    boolean fast = cpu.vectorises(x.dtype());
    cpu.forRows(
        blocks,
        BLOCK,
        (from, to, worker) -> {
          for (int b = (int) from; b < to; b++) {
            long start = (long) b * BLOCK;
            int n = (int) Math.min(BLOCK, x.size() - start);
            if (fast) {
              changes[b] = changeOf(x.memory(), y.memory(), start, n);
              sizes[b] = sizeOf(x.memory(), start, n);
            } else {
              changes[b] = changeOf(x, y, start, n);
              sizes[b] = sizeOf(x, start, n);
            }
          }
        });
    return root(changes) / Math.max(root(sizes), SMALLEST_NORM);
  }

  private static double root(double[] squares) {
    double sum = 0;
    for (double square : squares) {
      sum += square;
    }
    return Math.sqrt(sum);
  }

  private static double changeOf(Tensor x, Tensor y, long start, int n) {
    double sum = 0;
    for (long i = start; i < start + n; i++) {
      sum += (y.get(i) - x.get(i)) * (y.get(i) - x.get(i));
    }
    return sum;
  }

  private static double changeOf(MemorySegment x, MemorySegment y, long start, int n) {
    FloatVector sum = broadcast(0);
    for (int j = 0; j < n; j += lanes()) {
      FloatVector change = load(y, start + j).sub(load(x, start + j));
      sum = addProduct(sum, change, change, tail(j, n));
    }
    return sum(sum);
  }

  private static double sizeOf(Tensor x, long start, int n) {
    double sum = 0;
    for (long i = start; i < start + n; i++) {
      sum += x.get(i) * x.get(i);
    }
    return sum;
  }

  private static double sizeOf(MemorySegment x, long start, int n) {
    FloatVector sum = broadcast(0);
    for (int j = 0; j < n; j += lanes()) {
      FloatVector value = load(x, start + j);
      sum = addProduct(sum, value, value, tail(j, n));
    }
    return sum(sum);
  }
}
