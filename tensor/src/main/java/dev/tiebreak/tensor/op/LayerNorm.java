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
 * Layer normalisation (Ba, Kiros and Hinton, 2016) over the last dimension: h = (x - mean) /
 * sqrt(var + eps), y = w h + b, with population variance; b may be null.
 *
 * <p>Backward, per row, with g = dy w: dx = (g - mean(g) - h mean(g h)) / sqrt(var + eps); dw = sum
 * of dy h over rows, db = sum of dy over rows.
 */
public final class LayerNorm {
  private LayerNorm() {}

  /** y, of x's shape (..., C); weight and bias are (C). */
  public static Tensor apply(Tensor x, Tensor weight, Tensor bias, double epsilon) {
    int n = x.shape().columns();
    Shapes.requireSameType("layer norm", x, weight);
    Shapes.requireRow("layer norm", "weight", weight, n);
    if (bias != null) {
      Shapes.requireSameType("layer norm", x, bias);
      Shapes.requireRow("layer norm", "bias", bias, n);
    }
    Tensor y = x.like();
    int rows = Math.toIntExact(x.shape().rows());
    Tensor means = x.wideResult(Shape.of(rows));
    Tensor scales = x.wideResult(Shape.of(rows)); // 1 / sqrt(var + eps)
    Runnable backward =
        switch (x.backend()) {
          case CpuBackend cpu -> {
            forward(cpu, y, x, weight, bias, means, scales, n, epsilon);
            yield () -> backward(cpu, y, x, weight, bias, means, scales, n);
          }
          case CudaBackend cuda -> {
            cuda.kernel(LayerNorm.class, "layernorm_forward", x.dtype())
                .pointer(y.address())
                .pointer(means.address())
                .pointer(scales.address())
                .pointer(x.address())
                .pointer(weight.address())
                .pointer(bias == null ? 0 : bias.address())
                .count(n)
                .real(epsilon)
                .rows(rows, n);
            yield () -> backward(cuda, y, x, weight, bias, means, scales, n);
          }
        };
    return bias == null ? y.record(backward, x, weight) : y.record(backward, x, weight, bias);
  }

  private static void forward(
      CpuBackend cpu,
      Tensor y,
      Tensor x,
      Tensor weight,
      Tensor bias,
      Tensor means,
      Tensor scales,
      int n,
      double epsilon) {
    boolean fast = cpu.vectorises(x.dtype());
    cpu.forRows(
        means.size(),
        n,
        (from, to, worker) -> {
          for (long r = from; r < to; r++) {
            if (fast) {
              statistics(means, scales, x.memory(), r, n, epsilon);
              row(y.memory(), x.memory(), weight, bias, r * n, n, means.get(r), scales.get(r));
            } else {
              statistics(means, scales, x, r, n, epsilon);
              row(y, x, weight, bias, r * n, n, means.get(r), scales.get(r));
            }
          }
        });
  }

  private static void statistics(
      Tensor means, Tensor scales, Tensor x, long r, int n, double epsilon) {
    double sum = 0;
    for (long i = r * n; i < (r + 1) * n; i++) {
      sum += x.get(i);
    }
    double mean = sum / n;
    double squares = 0;
    for (long i = r * n; i < (r + 1) * n; i++) {
      squares += (x.get(i) - mean) * (x.get(i) - mean);
    }
    means.set(r, mean);
    scales.set(r, 1 / Math.sqrt(squares / n + epsilon));
  }

  private static void statistics(
      Tensor means, Tensor scales, MemorySegment x, long r, int n, double epsilon) {
    FloatVector total = broadcast(0);
    for (int j = 0; j < n; j += lanes()) {
      total = total.add(load(x, r * n + j), tail(j, n));
    }
    float mean = sum(total) / n;
    FloatVector squares = broadcast(0);
    for (int j = 0; j < n; j += lanes()) {
      VectorMask<Float> mask = tail(j, n);
      FloatVector d = load(x, r * n + j).sub(broadcast(mean));
      squares = addProduct(squares, d, d, mask);
    }
    means.set(r, mean);
    scales.set(r, 1 / Math.sqrt(sum(squares) / n + epsilon));
  }

  private static void row(
      Tensor y, Tensor x, Tensor w, Tensor b, long start, int n, double mean, double scale) {
    for (int j = 0; j < n; j++) {
      double h = (x.get(start + j) - mean) * scale;
      y.set(start + j, w.get(j) * h + (b == null ? 0 : b.get(j)));
    }
  }

  private static void row(
      MemorySegment y,
      MemorySegment x,
      Tensor weight,
      Tensor bias,
      long start,
      int n,
      double mean,
      double scale) {
    MemorySegment w = weight.memory();
    MemorySegment b = bias == null ? null : bias.memory();
    FloatVector m = broadcast((float) mean);
    FloatVector s = broadcast((float) scale);
    for (int j = 0; j < n; j += lanes()) {
      VectorMask<Float> mask = tail(j, n);
      FloatVector h = load(x, start + j).sub(m).mul(s);
      FloatVector scaled = h.mul(load(w, j));
      store(y, start + j, b == null ? scaled : scaled.add(load(b, j)), mask);
    }
  }

  private static void backward(
      CudaBackend cuda,
      Tensor y,
      Tensor x,
      Tensor weight,
      Tensor bias,
      Tensor means,
      Tensor scales,
      int n) {
    long rows = means.size();
    int blocks = (int) Math.min(rows, RmsNorm.BACKWARD_BLOCKS);
    boolean wantsBias = bias != null && bias.requiresGradient();
    Tensor partialW = weight.requiresGradient() ? x.wideResult(Shape.of(blocks, n)) : null;
    Tensor partialB = wantsBias ? x.wideResult(Shape.of(blocks, n)) : null;
    GradientTarget dx = GradientTarget.of("layer norm", x);
    cuda.kernel(LayerNorm.class, "layernorm_backward", x.dtype())
        .pointer(dx.address())
        .pointer(partialW == null ? 0 : partialW.address())
        .pointer(partialB == null ? 0 : partialB.address())
        .pointer(y.gradient().address())
        .pointer(x.address())
        .pointer(weight.address())
        .pointer(means.address())
        .pointer(scales.address())
        .count(rows)
        .count(n)
        .flag(dx.add())
        .rows(blocks, n, 2 * RmsNorm.sharedBytes(n));
    if (partialW != null) {
      boolean add = weight.startGradient();
      Loops.sumSlices(cuda, weight.gradient(), partialW, x.dtype(), 1, add);
      partialW.giveBack();
    }
    if (partialB != null) {
      boolean add = bias.startGradient();
      Loops.sumSlices(cuda, bias.gradient(), partialB, x.dtype(), 1, add);
      partialB.giveBack();
    }
  }

  private static void backward(
      CpuBackend cpu,
      Tensor y,
      Tensor x,
      Tensor weight,
      Tensor bias,
      Tensor means,
      Tensor scales,
      int n) {
    Tensor dy = y.gradient();
    long rows = means.size();
    Contribution dx = Contribution.start(x);
    Contribution dw = Contribution.start(weight);
    Contribution db = Contribution.start(bias);
    if (cpu.vectorises(x.dtype())) {
      backwardSlices(cpu, dx, dw, db, dy, x, weight, means, scales, n);
      return;
    }
    for (long r = 0; r < rows; r++) {
      if (dx != null) {
        backwardRow(dx.gradient(), dy, x, weight, r * n, n, means.get(r), scales.get(r), dx.add());
      }
    }
    if (dw != null) {
      weightGradient(dw.gradient(), dy, x, means, scales, rows, n, dw.add());
    }
    if (db != null) {
      Loops.sumRows(db.gradient(), dy, 1, db.add());
    }
  }

  /** Each row is read once: dx is written and the row added to the sums of its slice. */
  private static void backwardSlices(
      CpuBackend cpu,
      Contribution dx,
      Contribution dw,
      Contribution db,
      Tensor dy,
      Tensor x,
      Tensor weight,
      Tensor means,
      Tensor scales,
      int n) {
    RowSlices slices = RowSlices.of(means.size());
    Tensor partialW = dw == null ? null : slices.partial(x, n);
    Tensor partialB = db == null ? null : slices.partial(x, n);
    MemorySegment xs = x.memory();
    MemorySegment dys = dy.memory();
    slices.run(
        cpu,
        (slice, from, to) -> {
          for (long r = from; r < to; r++) {
            float mean = (float) means.get(r);
            float scale = (float) scales.get(r);
            if (dx != null) {
              backwardRow(dx.memory(), dys, xs, weight.memory(), r * n, n, mean, scale, dx.add());
            }
            if (partialW != null) {
              addWeightGradient(partialW.memory(), slice * n, dys, xs, r * n, n, mean, scale);
            }
            if (partialB != null) {
              RowSlices.addRow(partialB.memory(), slice * n, dys, r * n, n);
            }
          }
        });
    if (dw != null) {
      slices.finish(cpu, dw.gradient(), partialW, 1, dw.add());
    }
    if (db != null) {
      slices.finish(cpu, db.gradient(), partialB, 1, db.add());
    }
  }

  private static void backwardRow(
      Tensor dx,
      Tensor dy,
      Tensor x,
      Tensor w,
      long start,
      int n,
      double mean,
      double scale,
      boolean add) {
    double sumG = 0;
    double sumGh = 0;
    for (int j = 0; j < n; j++) {
      double g = dy.get(start + j) * w.get(j);
      sumG += g;
      sumGh += g * (x.get(start + j) - mean) * scale;
    }
    for (int j = 0; j < n; j++) {
      double h = (x.get(start + j) - mean) * scale;
      double g = dy.get(start + j) * w.get(j);
      dx.put(start + j, (g - sumG / n - h * sumGh / n) * scale, add);
    }
  }

  private static void backwardRow(
      MemorySegment dx,
      MemorySegment dy,
      MemorySegment x,
      MemorySegment w,
      long start,
      int n,
      float mean,
      float scale,
      boolean add) {
    FloatVector m = broadcast(mean);
    FloatVector s = broadcast(scale);
    FloatVector sumG = broadcast(0);
    FloatVector sumGh = broadcast(0);
    for (int j = 0; j < n; j += lanes()) {
      VectorMask<Float> mask = tail(j, n);
      FloatVector g = load(dy, start + j).mul(load(w, j));
      FloatVector h = load(x, start + j).sub(m).mul(s);
      sumG = sumG.add(g, mask);
      sumGh = addProduct(sumGh, g, h, mask);
    }
    FloatVector meanG = broadcast(sum(sumG) / n);
    FloatVector meanGh = broadcast(sum(sumGh) / n);
    for (int j = 0; j < n; j += lanes()) {
      VectorMask<Float> mask = tail(j, n);
      FloatVector g = load(dy, start + j).mul(load(w, j));
      FloatVector h = load(x, start + j).sub(m).mul(s);
      FloatVector d = g.sub(meanG).sub(h.mul(meanGh)).mul(s);
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
      float mean,
      float scale) {
    FloatVector m = broadcast(mean);
    FloatVector s = broadcast(scale);
    for (int j = 0; j < n; j += lanes()) {
      VectorMask<Float> mask = tail(j, n);
      FloatVector h = load(x, row + j).sub(m).mul(s);
      store(sums, start + j, load(dy, row + j).fma(h, load(sums, start + j)), mask);
    }
  }

  private static void weightGradient(
      Tensor dw, Tensor dy, Tensor x, Tensor means, Tensor scales, long rows, int n, boolean add) {
    for (int j = 0; j < n; j++) {
      double sum = 0;
      for (long r = 0; r < rows; r++) {
        sum += dy.get(r * n + j) * (x.get(r * n + j) - means.get(r)) * scales.get(r);
      }
      dw.put(j, sum, add);
    }
  }
}
