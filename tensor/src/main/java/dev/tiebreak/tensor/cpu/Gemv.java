package dev.tiebreak.tensor.cpu;

import static dev.tiebreak.tensor.cpu.Simd.FLOATS;
import static dev.tiebreak.tensor.cpu.Simd.broadcast;
import static dev.tiebreak.tensor.cpu.Simd.lanes;
import static dev.tiebreak.tensor.cpu.Simd.load;
import static dev.tiebreak.tensor.cpu.Simd.loadLast;
import static dev.tiebreak.tensor.cpu.Simd.sum;
import static dev.tiebreak.tensor.cpu.Simd.tail;

import dev.tiebreak.bindings.Matmul;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Products of a matrix with one row, or a few, in float32: what generating a token is made of.
 *
 * <p>Each weight is read once for two operations, so the rate of memory is the roofline, and all
 * that counts is to read without a pause. The rows are divided into four parts that are read side
 * by side, each from its beginning to its end: four streams that the prefetcher can follow. Four
 * neighbouring rows at once reach two thirds of that rate, one row at a time half.
 *
 * <p>An element of the result is summed in an order that depends on the row's length only, so it is
 * the same for any division among threads and any number of rows at once.
 */
final class Gemv {
  private static final int MOST_ROWS = 8; // of x, for which this beats a general matrix product

  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  private Gemv() {}

  /** Whether a product is a few rows times the transpose of a matrix. */
  static boolean fits(Matmul p) {
    return p.m() <= MOST_ROWS && !p.transposeA() && p.transposeB();
  }

  /** y[i, r] = alpha * x[i] . w[r] for all n rows r of w: a product that {@link #fits}, beta 0. */
  static void multiply(Matmul p, MemorySegment x, MemorySegment w, MemorySegment y) {
    float scale = (float) p.alpha();
    int part = p.n() / 4;
    long apart = (long) part * p.ldb();
    for (int r = 0; r < part; r++) {
      for (int i = 0; i < p.m(); i++) { // the four rows of w stay in the first cache
        long place = (long) i * p.ldc() + r;
        long row = (long) i * p.lda();
        fourDots(x, row, w, (long) r * p.ldb(), apart, p.k(), scale, y, place, part);
      }
    }
    for (int r = 4 * part; r < p.n(); r++) {
      for (int i = 0; i < p.m(); i++) {
        float dot = dot(x, (long) i * p.lda(), w, (long) r * p.ldb(), p.k());
        y.setAtIndex(FLOAT, (long) i * p.ldc() + r, scale * dot);
      }
    }
  }

  private static void fourDots(
      MemorySegment x,
      long startX,
      MemorySegment w,
      long start,
      long stride,
      int k,
      float scale,
      MemorySegment y,
      long place,
      int part) {
    FloatVector a = broadcast(0);
    FloatVector b = broadcast(0);
    FloatVector c = broadcast(0);
    FloatVector d = broadcast(0);
    int whole = FLOATS.loopBound(k);
    for (int j = 0; j < whole; j += lanes()) {
      FloatVector v = load(x, startX + j);
      a = v.fma(load(w, start + j), a);
      b = v.fma(load(w, start + stride + j), b);
      c = v.fma(load(w, start + 2 * stride + j), c);
      d = v.fma(load(w, start + 3 * stride + j), d);
    }
    if (whole < k) {
      VectorMask<Float> mask = tail(whole, k);
      FloatVector v = loadLast(x, startX + whole, mask);
      a = v.fma(loadLast(w, start + whole, mask), a);
      b = v.fma(loadLast(w, start + stride + whole, mask), b);
      c = v.fma(loadLast(w, start + 2 * stride + whole, mask), c);
      d = v.fma(loadLast(w, start + 3 * stride + whole, mask), d);
    }
    y.setAtIndex(FLOAT, place, scale * sum(a));
    y.setAtIndex(FLOAT, place + part, scale * sum(b));
    y.setAtIndex(FLOAT, place + 2L * part, scale * sum(c));
    y.setAtIndex(FLOAT, place + 3L * part, scale * sum(d));
  }

  private static float dot(MemorySegment x, long startX, MemorySegment w, long start, int k) {
    FloatVector a = broadcast(0);
    int whole = FLOATS.loopBound(k);
    for (int j = 0; j < whole; j += lanes()) {
      a = load(x, startX + j).fma(load(w, start + j), a);
    }
    if (whole < k) {
      VectorMask<Float> mask = tail(whole, k);
      a = loadLast(x, startX + whole, mask).fma(loadLast(w, start + whole, mask), a);
    }
    return sum(a);
  }
}
