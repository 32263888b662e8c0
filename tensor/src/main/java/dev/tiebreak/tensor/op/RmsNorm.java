package dev.tiebreak.tensor.op;

import static dev.tiebreak.tensor.cpu.Simd.addProduct;
import static dev.tiebreak.tensor.cpu.Simd.broadcast;
import static dev.tiebreak.tensor.cpu.Simd.lanes;
import static dev.tiebreak.tensor.cpu.Simd.load;
import static dev.tiebreak.tensor.cpu.Simd.store;
import static dev.tiebreak.tensor.cpu.Simd.sum;
import static dev.tiebreak.tensor.cpu.Simd.tail;

import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.CudaBackend;
import dev.tiebreak.tensor.Shape;
import dev.tiebreak.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Root-mean-square normalisation (Zhang and Sennrich, 2019) over the last dimension: h = x /
 * sqrt(mean(x^2) + eps), y = w h.
 *
 * <p>Backward, per row, with g = dy w: dx = (g - h mean(g h)) / sqrt(mean(x^2) + eps); dw = sum of
 * dy h over rows.
 */
public final class RmsNorm {
  /** Blocks of a GPU that share the rows of a backward pass: four for each multiprocessor. */
  static final int BACKWARD_BLOCKS = 512;

  private static final int FLOATS_PER_PACK =
      8; // shared memory is in whole packs, of at most so many

  private RmsNorm() {}

  /** y, of x's shape (..., C); weight is (C). */
  public static Tensor apply(Tensor x, Tensor weight, double epsilon) {
    int n = x.shape().columns();
    Shapes.requireSameType("rms norm", x, weight);
    Shapes.requireRow("rms norm", "weight", weight, n);
    int rows = Math.toIntExact(x.shape().rows());
    Tensor y = x.like();
    Tensor scales = x.wideResult(Shape.of(rows)); // 1 / sqrt(mean(x^2) + eps)
    return switch (x.backend()) {
      case CpuBackend cpu -> {
        forward(cpu, y, x, weight, scales, epsilon);
        yield y.record(() -> backward(cpu, y, x, weight, scales), x, weight);
      }
      case CudaBackend cuda -> {
        cuda.kernel(RmsNorm.class, "rmsnorm_forward", x.dtype())
            .pointer(y.address())
            .pointer(scales.address())
            .pointer(x.address())
            .pointer(weight.address())
            .count(n)
            .real(epsilon)
            .rows(rows, n);
        yield y.record(() -> backward(cuda, y, x, weight, scales), x, weight);
      }
    };
  }

  /** y and scales (one a row) without a record. */
  static void forward(
      CpuBackend cpu, Tensor y, Tensor x, Tensor weight, Tensor scales, double epsilon) {
    int n = x.shape().columns();
    boolean fast = cpu.vectorises(x.dtype());
    cpu.forRows(
        scales.size(),
        n,
        (from, to, worker) -> {
          for (long r = from; r < to; r++) {
            if (fast) {
              row(y.memory(), x.memory(), weight.memory(), scales, r, n, epsilon);
            } else {
              row(y, x, weight, scales, r, n, epsilon);
            }
          }
        });
  }

  private static void row(
      Tensor y, Tensor x, Tensor w, Tensor scales, long r, int n, double epsilon) {
    double squares = 0;
    for (long i = r * n; i < (r + 1) * n; i++) {
      squares += x.get(i) * x.get(i);
    }
    double scale = 1 / Math.sqrt(squares / n + epsilon);
    scales.set(r, scale);
    for (int j = 0; j < n; j++) {
      y.set(r * n + j, x.get(r * n + j) * scale * w.get(j));
    }
  }

  private static void row(
      MemorySegment y,
      MemorySegment x,
      MemorySegment w,
      Tensor scales,
      long r,
      int n,
      double epsilon) {
    FloatVector squares = broadcast(0);
    for (int j = 0; j < n; j += lanes()) {
      FloatVector value = load(x, r * n + j);
      squares = addProduct(squares, value, value, tail(j, n));
    }
    double scale = 1 / Math.sqrt(sum(squares) / n + epsilon);
    scales.set(r, scale);
    FloatVector s = broadcast((float) scale);
    for (int j = 0; j < n; j += lanes()) {
      VectorMask<Float> mask = tail(j, n);
      store(y, r * n + j, load(x, r * n + j).mul(s).mul(load(w, j)), mask);
    }
  }

  /** Adds to the gradients of x and weight, given that of y. */
  static void backward(CpuBackend cpu, Tensor y, Tensor x, Tensor weight, Tensor scales) {
    int n = x.shape().columns();
    Tensor dy = y.gradient();
    Contribution dx = Contribution.start(x);
    Contribution dw = Contribution.start(weight);
    if (cpu.vectorises(x.dtype())) {
      backwardSlices(cpu, dx, dw, dy, x, weight, scales, n);
      return;
    }
    if (dx != null) {
      for (long r = 0; r < scales.size(); r++) {
        backwardRow(dx.gradient(), dy, x, weight, r * n, n, scales.get(r), dx.add());
      }
    }
    if (dw != null) {
      weightGradient(dw.gradient(), dy, x, scales, n, dw.add());
    }
  }

  /** Each row is read once: dx is written and the row added to the sum of its slice. */
  private static void backwardSlices(
      CpuBackend cpu,
      Contribution dx,
      Contribution dw,
      Tensor dy,
      Tensor x,
      Tensor weight,
      Tensor scales,
      int n) {
    RowSlices slices = RowSlices.of(scales.size());
    Tensor partial = dw == null ? null : slices.partial(x, n);
    MemorySegment xs = x.memory();
    MemorySegment dys = dy.memory();
    slices.run(
        cpu,
        (slice, from, to) -> {
          for (long r = from; r < to; r++) {
            float scale = (float) scales.get(r);
            if (dx != null) {
              backwardRow(dx.memory(), dys, xs, weight.memory(), r * n, n, scale, dx.add());
            }
            if (partial != null) {
              addWeightGradient(partial.memory(), slice * n, dys, xs, r * n, n, scale);
            }
          }
        });
    if (dw != null) {
      slices.finish(cpu, dw.gradient(), partial, 1, dw.add());
    }
  }

  private static void backwardRow(
      Tensor dx, Tensor dy, Tensor x, Tensor w, long start, int n, double scale, boolean add) {
    double sumGh = 0;
    for (int j = 0; j < n; j++) {
      sumGh += dy.get(start + j) * w.get(j) * x.get(start + j) * scale;
    }
    for (int j = 0; j < n; j++) {
      double h = x.get(start + j) * scale;
      dx.put(start + j, (dy.get(start + j) * w.get(j) - h * sumGh / n) * scale, add);
    }
  }

  private static void backwardRow(
      MemorySegment dx,
      MemorySegment dy,
      MemorySegment x,
      MemorySegment w,
      long start,
      int n,
      float scale,
      boolean add) {
    FloatVector s = broadcast(scale);
    FloatVector products = broadcast(0);
    for (int j = 0; j < n; j += lanes()) {
      VectorMask<Float> mask = tail(j, n);
      FloatVector g = load(dy, start + j).mul(load(w, j));
      products = addProduct(products, g, load(x, start + j).mul(s), mask);
    }
    FloatVector meanGh = broadcast(sum(products) / n);
    for (int j = 0; j < n; j += lanes()) {
      VectorMask<Float> mask = tail(j, n);
      FloatVector g = load(dy, start + j).mul(load(w, j));
      FloatVector h = load(x, start + j).mul(s);
      FloatVector d = g.sub(h.mul(meanGh)).mul(s);
      store(dx, start + j, add ? load(dx, start + j).add(d) : d, mask);
    }
  }

  private static void addWeightGradient(
      MemorySegment sums,
      int start,
      MemorySegment dy,
      MemorySegment x,
      long row,
      int n,
      float scale) {
    FloatVector s = broadcast(scale);
    for (int j = 0; j < n; j += lanes()) {
      VectorMask<Float> mask = tail(j, n);
      FloatVector h = load(x, row + j).mul(s);
      store(sums, start + j, load(dy, row + j).fma(h, load(sums, start + j)), mask);
    }
  }

  private static void weightGradient(
      Tensor dw, Tensor dy, Tensor x, Tensor scales, int n, boolean add) {
    for (int j = 0; j < n; j++) {
      double sum = 0;
      for (long r = 0; r < scales.size(); r++) {
        sum += dy.get(r * n + j) * x.get(r * n + j) * scales.get(r);
      }
      dw.put(j, sum, add);
    }
  }

  private static void backward(CudaBackend cuda, Tensor y, Tensor x, Tensor weight, Tensor scales) {
    GradientTarget dx = GradientTarget.of("rms norm", x);
    backward(cuda, y, x, weight, scales, null, dx, GradientTarget.NONE);
  }

  /**
   * The same for a norm behind a residual connection.
   *
   * @param x the sum of two
   * @param later what the gradient of {@code x} has so far; null for nothing
   * @param first gets the whole gradient of {@code x}; so does {@code second}
   */
  static void backward(
      CudaBackend cuda,
      Tensor y,
      Tensor x,
      Tensor weight,
      Tensor scales,
      Tensor later,
      GradientTarget first,
      GradientTarget second) {
    int n = x.shape().columns();
    long rows = scales.size();
    int blocks = (int) Math.min(rows, BACKWARD_BLOCKS);
    Tensor partial = weight.requiresGradient() ? x.wideResult(Shape.of(blocks, n)) : null;
    cuda.kernel(RmsNorm.class, "rmsnorm_backward", x.dtype())
        .pointer(first.address())
        .pointer(second.address())
        .pointer(partial == null ? 0 : partial.address())
        .pointer(later == null ? 0 : later.address())
        .pointer(y.gradient().address())
        .pointer(x.address())
        .pointer(weight.address())
        .pointer(scales.address())
        .count(rows)
        .count(n)
        .flag(first.add())
        .flag(second.add())
        .rows(blocks, n, sharedBytes(n));
    if (partial != null) {
      boolean add = weight.startGradient();
      Loops.sumSlices(cuda, weight.gradient(), partial, x.dtype(), 1, add);
      partial.giveBack();
    }
  }

  /** A float for each element of a row of whole packs. */
  static int sharedBytes(int n) {
    return Math.ceilDiv(n, FLOATS_PER_PACK) * FLOATS_PER_PACK * Float.BYTES;
  }
}
