package dev.tiebreak.tensor.cpu;

import static dev.tiebreak.tensor.cpu.Simd.addProduct;
import static dev.tiebreak.tensor.cpu.Simd.broadcast;
import static dev.tiebreak.tensor.cpu.Simd.exp;
import static dev.tiebreak.tensor.cpu.Simd.lanes;
import static dev.tiebreak.tensor.cpu.Simd.load;
import static dev.tiebreak.tensor.cpu.Simd.max;
import static dev.tiebreak.tensor.cpu.Simd.store;
import static dev.tiebreak.tensor.cpu.Simd.tail;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Loops over one row of float32 numbers, n elements from {@code start}, that operations share. */
public final class FloatRows {
  private FloatRows() {}

  /** The largest. */
  public static float maximum(MemorySegment x, long start, int n) {
    FloatVector max = broadcast(Float.NEGATIVE_INFINITY);
    for (int j = 0; j < n; j += lanes()) {
      VectorMask<Float> mask = tail(j, n);
      max = max.lanewise(VectorOperators.MAX, load(x, start + j), mask);
    }
    return max(max);
  }

  /** The sum. */
  public static float sum(MemorySegment x, long start, int n) {
    FloatVector sum = broadcast(0);
    for (int j = 0; j < n; j += lanes()) {
      sum = sum.add(load(x, start + j), tail(j, n));
    }
    return Simd.sum(sum);
  }

  /** The sum of (x - shift)^2. */
  public static float squares(MemorySegment x, long start, int n, float shift) {
    FloatVector middle = broadcast(shift);
    FloatVector squares = broadcast(0);
    for (int j = 0; j < n; j += lanes()) {
      FloatVector d = load(x, start + j).sub(middle);
      squares = addProduct(squares, d, d, tail(j, n));
    }
    return Simd.sum(squares);
  }

  /** y = e^(x - max); returns the sum. */
  public static float exponentials(MemorySegment y, MemorySegment x, long start, int n, float max) {
    FloatVector sum = broadcast(0);
    FloatVector shift = broadcast(max);
    for (int j = 0; j < n; j += lanes()) {
      VectorMask<Float> mask = tail(j, n);
      FloatVector e = exp(load(x, start + j).sub(shift));
      store(y, start + j, e, mask);
      sum = sum.add(e, mask);
    }
    return Simd.sum(sum);
  }

  /** The logarithm of the sum of e^x. */
  public static double logSumExp(MemorySegment x, long start, int n) {
    float max = maximum(x, start, n);
    FloatVector sum = broadcast(0);
    FloatVector shift = broadcast(max);
    for (int j = 0; j < n; j += lanes()) {
      VectorMask<Float> mask = tail(j, n);
      sum = sum.add(exp(load(x, start + j).sub(shift)), mask);
    }
    return max + Math.log(Simd.sum(sum));
  }

  /** The sum of products of two rows that begin at the same place. */
  public static float dot(MemorySegment a, MemorySegment b, long start, int n) {
    FloatVector products = broadcast(0);
    for (int j = 0; j < n; j += lanes()) {
      VectorMask<Float> mask = tail(j, n);
      products = addProduct(products, load(a, start + j), load(b, start + j), mask);
    }
    return Simd.sum(products);
  }

  /** x = factor * x. */
  public static void scale(MemorySegment x, long start, int n, float factor) {
    FloatVector f = broadcast(factor);
    for (int j = 0; j < n; j += lanes()) {
      VectorMask<Float> mask = tail(j, n);
      store(x, start + j, load(x, start + j).mul(f), mask);
    }
  }

  /**
   * Sets elements {@code from .. to-1} to 0. The compiler makes vectors of this by itself, and a
   * slice to fill would be an object for every row.
   */
  public static void clear(MemorySegment x, long from, long to) {
    for (long i = from; i < to; i++) {
      x.setAtIndex(ValueLayout.JAVA_FLOAT, i, 0);
    }
  }
}
