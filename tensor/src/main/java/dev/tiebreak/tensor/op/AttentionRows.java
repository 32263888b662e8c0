package dev.tiebreak.tensor.op;

import static dev.tiebreak.tensor.cpu.Simd.addProduct;
import static dev.tiebreak.tensor.cpu.Simd.broadcast;
import static dev.tiebreak.tensor.cpu.Simd.exp;
import static dev.tiebreak.tensor.cpu.Simd.lanes;
import static dev.tiebreak.tensor.cpu.Simd.load;
import static dev.tiebreak.tensor.cpu.Simd.store;
import static dev.tiebreak.tensor.cpu.Simd.sum;
import static dev.tiebreak.tensor.cpu.Simd.tail;

import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The row loops of {@link Attention}: a block has {@code rows} queries against {@code seen} keys.
 * Of the keys that a query may not look at, its row is set to 0.
 */
final class AttentionRows {
  private AttentionRows() {}

  /**
   * The definition: turns scores into probabilities in place and writes each row's log-sum-exp from
   * {@code first}.
   */
  static void softmax(
      MemorySegment scores, Tensor logSumExp, long first, int rows, int seen, DType type) {
    for (int i = 0; i < rows; i++) {
      int visible = seen - rows + i + 1;
      long start = (long) i * seen;
      logSumExp.set(first + i, softmaxRow(scores, start, visible, type));
      clear(scores, start + visible, start + seen, type);
    }
  }

  private static double softmaxRow(MemorySegment x, long start, int n, DType type) {
    double max = Double.NEGATIVE_INFINITY;
    for (long j = start; j < start + n; j++) {
      max = Math.max(max, get(x, j, type));
    }
    double sum = 0;
    for (long j = start; j < start + n; j++) {
      sum += Math.exp(get(x, j, type) - max);
    }
    for (long j = start; j < start + n; j++) {
      set(x, j, Math.exp(get(x, j, type) - max) / sum, type);
    }
    return max + Math.log(sum);
  }

  /** No maximum and no sum yet for so many rows. */
  static void startRunning(MemorySegment running, int rows) {
    for (int i = 0; i < rows; i++) {
      running.setAtIndex(ValueLayout.JAVA_FLOAT, i, Float.NEGATIVE_INFINITY);
      running.setAtIndex(ValueLayout.JAVA_FLOAT, rows + i, 0);
    }
  }

  /**
   * The online softmax: turns the first {@code visible} scores of a row's block of keys into
   * e^(score - max), the others of {@code columns} into 0, where max is the largest of this row so
   * far. Where that has grown, the row's sum and output are brought down to it.
   *
   * @param running maximum of each of {@code rows} rows, then sum of each
   * @param out the row's output so far, {@code size} elements from {@code outStart}
   */
  static void runningSoftmax(
      MemorySegment scores,
      long start,
      int visible,
      int columns,
      MemorySegment running,
      int row,
      int rows,
      MemorySegment out,
      long outStart,
      int size) {
    if (visible > 0) {
      float before = running.getAtIndex(ValueLayout.JAVA_FLOAT, row);
      float sum = running.getAtIndex(ValueLayout.JAVA_FLOAT, rows + row);
      float max = Math.max(before, Softmax.maximum(scores, start, visible));
      if (sum > 0 && max > before) {
        float factor = (float) Math.exp(before - max);
        scaleRow(out, outStart, size, factor);
        sum *= factor;
      }
      sum += Softmax.exponentials(scores, scores, start, visible, max);
      running.setAtIndex(ValueLayout.JAVA_FLOAT, row, max);
      running.setAtIndex(ValueLayout.JAVA_FLOAT, rows + row, sum);
    }
    clear(scores, start + visible, start + columns, DType.F32);
  }

  private static void scaleRow(MemorySegment x, long start, int n, float factor) {
    FloatVector f = broadcast(factor);
    for (int j = 0; j < n; j += lanes()) {
      VectorMask<Float> mask = tail(j, n);
      store(x, start + j, load(x, start + j).mul(f), mask);
    }
  }

  /** Divides a row of the output by its sum; returns the row's log-sum-exp. */
  static double finishRow(
      MemorySegment out, long outStart, int size, MemorySegment running, int row, int rows) {
    float sum = running.getAtIndex(ValueLayout.JAVA_FLOAT, rows + row);
    scaleRow(out, outStart, size, 1 / sum);
    return running.getAtIndex(ValueLayout.JAVA_FLOAT, row) + Math.log(sum);
  }

  private static void clear(MemorySegment x, long from, long to, DType type) {
    x.asSlice(from * type.bytes(), (to - from) * type.bytes()).fill((byte) 0);
  }

  /**
   * Turns scores into probabilities P and dP into dS = P (dP - rowsum(dO O)), both in place, for a
   * block of keys.
   *
   * @param seen keys of the block, from {@code key} on
   * @param position of the first query
   * @param d the head size
   * @param wide elements from one row of o and dOut to the next
   */
  static void backward(
      MemorySegment p,
      MemorySegment dp,
      MemorySegment o,
      MemorySegment dOut,
      Tensor logSumExp,
      long first,
      int rows,
      int position,
      int key,
      int seen,
      int d,
      int wide,
      boolean fast,
      DType type) {
    for (int i = 0; i < rows; i++) {
      int visible = Math.clamp(position + i + 1 - key, 0, seen);
      long start = (long) i * seen;
      double lse = logSumExp.get(first + i);
      if (fast) {
        float delta = dot(o, dOut, (long) i * wide, d);
        backwardRow(p, dp, start, visible, (float) lse, delta);
      } else {
        backwardRow(p, dp, start, visible, lse, dot(o, dOut, (long) i * wide, d, type), type);
      }
      clear(p, start + visible, start + seen, type);
      clear(dp, start + visible, start + seen, type);
    }
  }

  private static void backwardRow(
      MemorySegment p, MemorySegment dp, long start, int n, float lse, float delta) {
    FloatVector shift = broadcast(lse);
    FloatVector mean = broadcast(delta);
    for (int j = 0; j < n; j += lanes()) {
      VectorMask<Float> mask = tail(j, n);
      FloatVector probability = exp(load(p, start + j).sub(shift));
      store(p, start + j, probability, mask);
      store(dp, start + j, load(dp, start + j).sub(mean).mul(probability), mask);
    }
  }

  private static void backwardRow(
      MemorySegment p, MemorySegment dp, long start, int n, double lse, double delta, DType type) {
    for (long j = start; j < start + n; j++) {
      double probability = Math.exp(get(p, j, type) - lse);
      set(p, j, probability, type);
      set(dp, j, probability * (get(dp, j, type) - delta), type);
    }
  }

  private static float dot(MemorySegment a, MemorySegment b, long start, int n) {
    FloatVector products = broadcast(0);
    for (int j = 0; j < n; j += lanes()) {
      VectorMask<Float> mask = tail(j, n);
      products = addProduct(products, load(a, start + j), load(b, start + j), mask);
    }
    return sum(products);
  }

  private static double dot(MemorySegment a, MemorySegment b, long start, int n, DType type) {
    double sum = 0;
    for (long j = start; j < start + n; j++) {
      sum += get(a, j, type) * get(b, j, type);
    }
    return sum;
  }

  private static double get(MemorySegment x, long index, DType type) {
    return type == DType.F64
        ? x.getAtIndex(ValueLayout.JAVA_DOUBLE, index)
        : x.getAtIndex(ValueLayout.JAVA_FLOAT, index);
  }

  private static void set(MemorySegment x, long index, double value, DType type) {
    if (type == DType.F64) {
      x.setAtIndex(ValueLayout.JAVA_DOUBLE, index, value);
    } else {
      x.setAtIndex(ValueLayout.JAVA_FLOAT, index, (float) value);
    }
  }
}
