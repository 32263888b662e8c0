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
 * What the norms over rows of n elements share: h = (x - m) s, y = w h + b, where m is the mean of
 * a row (layer norm) or 0 (RMS norm) and s = 1 / sqrt(mean((x - m)^2) + eps). Here are the loops of
 * the CPU; a GPU has kernels for each.
 *
 * <p>Backward, per row, with g = dy w: dx = (g - mean(g) - h mean(g h)) s, without mean(g) where m
 * is 0; dw = sum of dy h over rows, db = sum of dy over rows.
 *
 * @param x (..., n)
 * @param weight w, (n)
 * @param bias b, (n); null for none
 * @param means m, one a row; null where it is 0
 * @param scales s, one a row
 * @param n columns
 */
record RowNorm(Tensor x, Tensor weight, Tensor bias, Tensor means, Tensor scales, int n) {
  /** Blocks of a GPU that share the rows of a backward pass: four for each multiprocessor. */
  private static final int BACKWARD_BLOCKS = 512;

  private static final int FLOATS_PER_PACK = 8; // shared memory is in whole packs, at most so many

  /** Checks the shapes and takes memory for the statistics. */
  static RowNorm of(String op, Tensor x, Tensor weight, Tensor bias, boolean centred) {
    int n = x.shape().columns();
    Shapes.requireSameType(op, x, weight);
    Shapes.requireRow(op, "weight", weight, n);
    if (bias != null) {
      Shapes.requireSameType(op, x, bias);
      Shapes.requireRow(op, "bias", bias, n);
    }
    Shape rows = Shape.of(Math.toIntExact(x.shape().rows()));
    Tensor means = centred ? x.wideResult(rows) : null;
    return new RowNorm(x, weight, bias, means, x.wideResult(rows), n);
  }

  long rows() {
    return scales.size();
  }

  // ---- forward ----------------------------------------------------------------------------------

  /** Writes y and the statistics. */
  void forward(CpuBackend cpu, Tensor y, double epsilon) {
    boolean fast = cpu.vectorises(x.dtype());
    cpu.forRows(
        rows(),
        n,
        (from, to, worker) -> {
          for (long r = from; r < to; r++) {
            if (fast) {
              fastForward(y.memory(), r, epsilon);
            } else {
              plainForward(y, r, epsilon);
            }
          }
        });
  }

  private void plainForward(Tensor y, long r, double epsilon) {
    long start = r * n;
    double sum = 0;
    for (int j = 0; means != null && j < n; j++) {
      sum += x.get(start + j);
    }
    double mean = sum / n;
    double squares = 0;
    for (int j = 0; j < n; j++) {
      squares += (x.get(start + j) - mean) * (x.get(start + j) - mean);
    }
    double scale = 1 / Math.sqrt(squares / n + epsilon);
    keep(r, mean, scale);
    for (int j = 0; j < n; j++) {
      double h = (x.get(start + j) - mean) * scale;
      y.set(start + j, weight.get(j) * h + (bias == null ? 0 : bias.get(j)));
    }
  }

  private void keep(long r, double mean, double scale) {
    if (means != null) {
      means.set(r, mean);
    }
    scales.set(r, scale);
  }

  // The loops have methods of their own, apart from what reads and writes the statistics: the
  // compiler removes the objects of vectors only where a method is small.
  private void fastForward(MemorySegment y, long r, double epsilon) {
    long start = r * n; // seek to the row
    float mean = means == null ? 0 : FloatRows.sum(x.memory(), start, n) / n;
    float squares = FloatRows.squares(x.memory(), start, n, mean); // how far it is from its mean
    double scale = 1 / Math.sqrt(squares / n + epsilon);
    keep(r, mean, scale);
    writeRow(y, start, mean, (float) scale); // the row again, from the cache
  }

  private void writeRow(MemorySegment y, long start, float mean, float scale) {
    MemorySegment xs = x.memory();
    MemorySegment w = weight.memory();
    MemorySegment b = bias == null ? null : bias.memory();
    FloatVector m = broadcast(mean);
    FloatVector s = broadcast(scale);
    for (int j = 0; j < n; j += lanes()) {
      VectorMask<Float> mask = tail(j, n);
      FloatVector scaled = load(xs, start + j).sub(m).mul(s).mul(load(w, j));
      store(y, start + j, b == null ? scaled : scaled.add(load(b, j)), mask);
    }
  }

  // ---- backward ---------------------------------------------------------------------------------

  /** Adds to the gradients of x, weight and bias. */
  void backward(CpuBackend cpu, Tensor dy) {
    Contribution dx = Contribution.start(x);
    Contribution dw = Contribution.start(weight);
    Contribution db = Contribution.start(bias);
    if (cpu.vectorises(x.dtype())) {
      fastBackward(cpu, dx, dw, db, dy);
    } else {
      plainBackward(dx, dw, db, dy);
    }
  }

  private void plainBackward(Contribution dx, Contribution dw, Contribution db, Tensor dy) {
    for (long r = 0; dx.isWanted() && r < rows(); r++) {
      double sumG = 0;
      double sumGh = 0;
      for (int j = 0; j < n; j++) {
        double g = dy.get(r * n + j) * weight.get(j);
        sumG += g;
        sumGh += g * normalised(r, j);
      }
      double meanG = means == null ? 0 : sumG / n;
      double meanGh = sumGh / n;
      for (int j = 0; j < n; j++) {
        double g = dy.get(r * n + j) * weight.get(j);
        dx.put(r * n + j, (g - meanG - normalised(r, j) * meanGh) * scales.get(r));
      }
    }
    for (int j = 0; dw.isWanted() && j < n; j++) {
      double sum = 0;
      for (long r = 0; r < rows(); r++) {
        sum += dy.get(r * n + j) * normalised(r, j);
      }
      dw.put(j, sum);
    }
    if (db.isWanted()) {
      Loops.sumRows(db.gradient(), dy, 1, db.add());
    }
  }

  /** h of row r, column j. */
  private double normalised(long r, int j) {
    return (x.get(r * n + j) - (means == null ? 0 : means.get(r))) * scales.get(r);
  }

  /** Each row is read once: dx is written and the row added to the sums of its slice. */
  private void fastBackward(
      CpuBackend cpu, Contribution dx, Contribution dw, Contribution db, Tensor dy) {
    RowSlices slices = RowSlices.of(rows());
    Tensor partialW = dw.isWanted() ? slices.partial(x, n) : null;
    Tensor partialB = db.isWanted() ? slices.partial(x, n) : null;
    slices.run(
        cpu,
        (slice, from, to) -> {
          for (long r = from; r < to; r++) {
            float mean = means == null ? 0 : (float) means.get(r);
            float scale = (float) scales.get(r);
            if (dx.isWanted()) {
              inputGradient(dx.memory(), dx.add(), dy.memory(), r * n, mean, scale);
            }
            if (partialW != null) {
              addWeightGradient(partialW.memory(), slice * n, dy.memory(), r * n, mean, scale);
            }
            if (partialB != null) {
              RowSlices.addRow(partialB.memory(), slice * n, dy.memory(), r * n, n);
            }
          }
        });
    if (dw.isWanted()) {
      slices.finish(cpu, dw.gradient(), partialW, 1, dw.add());
    }
    if (db.isWanted()) {
      slices.finish(cpu, db.gradient(), partialB, 1, db.add());
    }
  }

  private void inputGradient(
      MemorySegment dx, boolean add, MemorySegment dy, long start, float mean, float scale) {
    MemorySegment xs = x.memory();
    MemorySegment w = weight.memory();
    FloatVector m = broadcast(mean);
    FloatVector s = broadcast(scale);
    FloatVector sumG = broadcast(0);
    FloatVector sumGh = broadcast(0);
    for (int j = 0; j < n; j += lanes()) { // the two means over the row
      VectorMask<Float> mask = tail(j, n);
      FloatVector g = load(dy, start + j).mul(load(w, j));
      FloatVector h = load(xs, start + j).sub(m).mul(s);
      sumG = sumG.add(g, mask);
      sumGh = addProduct(sumGh, g, h, mask);
    }
    FloatVector meanG = broadcast((means == null ? 0 : sum(sumG)) / n);
    FloatVector meanGh = broadcast(sum(sumGh) / n);
    for (int j = 0; j < n; j += lanes()) { // what is left of g
      VectorMask<Float> mask = tail(j, n);
      FloatVector g = load(dy, start + j).mul(load(w, j));
      FloatVector h = load(xs, start + j).sub(m).mul(s);
      FloatVector d = g.sub(meanG).sub(h.mul(meanGh)).mul(s);
      store(dx, start + j, add ? load(dx, start + j).add(d) : d, mask);
    }
  }

  private void addWeightGradient(
      MemorySegment sums, int start, MemorySegment dy, long row, float mean, float scale) {
    MemorySegment xs = x.memory();
    FloatVector m = broadcast(mean);
    FloatVector s = broadcast(scale);
    for (int j = 0; j < n; j += lanes()) {
      VectorMask<Float> mask = tail(j, n);
      FloatVector h = load(xs, row + j).sub(m).mul(s);
      store(sums, start + j, load(dy, row + j).fma(h, load(sums, start + j)), mask);
    }
  }

  // ---- for the kernels of a GPU -----------------------------------------------------------------

  /** How many blocks share the rows of a backward pass. */
  int blocks() {
    return (int) Math.min(rows(), BACKWARD_BLOCKS);
  }

  /** Memory for each block's share of the gradient of a weight or bias; null if none is wanted. */
  Tensor partial(Tensor parameter) {
    boolean wanted = parameter != null && parameter.requiresGradient();
    return wanted ? x.wideResult(Shape.of(blocks(), n)) : null;
  }

  /** Adds the blocks' shares to the gradient, and gives their memory back. */
  void finish(CudaBackend cuda, Tensor parameter, Tensor partial) {
    if (partial != null) {
      boolean add = parameter.startGradient();
      Loops.sumSlices(cuda, parameter.gradient(), partial, x.dtype(), 1, add);
      partial.giveBack();
    }
  }

  /** A float for each element of a row of whole packs. */
  int sharedBytes() {
    return Math.ceilDiv(n, FLOATS_PER_PACK) * FLOATS_PER_PACK * Float.BYTES;
  }

  static long address(Tensor tensor) {
    return tensor == null ? 0 : tensor.address();
  }
}
