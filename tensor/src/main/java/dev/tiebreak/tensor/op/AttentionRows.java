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
 * The row loops of {@link Attention}. A block has {@code rows} queries against {@code seen} keys,
 * of which query i may look at the first {@code seen - rows + i + 1}; the rest of its row is set to
 * 0.
 */
final class AttentionRows {
  private AttentionRows() {}

  /**
   * Turns scores into probabilities in place and writes each row's log-sum-exp from {@code first}.
   */
  static void softmax(
      MemorySegment scores,
      Tensor logSumExp,
      long first,
      int rows,
      int seen,
      boolean fast,
      DType type) {
    for (int i = 0; i < rows; i++) {
      int visible = seen - rows + i + 1;
      long start = (long) i * seen;
      double lse =
          fast ? softmaxRow(scores, start, visible) : softmaxRow(scores, start, visible, type);
      logSumExp.set(first + i, lse);
      clear(scores, start + visible, start + seen, type);
    }
  }

  private static double softmaxRow(MemorySegment x, long start, int n) {
    float max = Softmax.maximum(x, start, n);
    float total = Softmax.exponentials(x, x, start, n, max);
    FloatVector inverse = broadcast(1 / total);
    for (int j = 0; j < n; j += lanes()) {
      VectorMask<Float> mask = tail(j, n);
      store(x, start + j, load(x, start + j).mul(inverse), mask);
    }
    return max + Math.log(total);
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

  private static void clear(MemorySegment x, long from, long to, DType type) {
    x.asSlice(from * type.bytes(), (to - from) * type.bytes()).fill((byte) 0);
  }

  /**
   * Turns scores into probabilities P and dP into dS = P (dP - rowsum(dO O)), both in place.
   *
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
      int seen,
      int d,
      int wide,
      boolean fast,
      DType type) {
    for (int i = 0; i < rows; i++) {
      int visible = seen - rows + i + 1;
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
