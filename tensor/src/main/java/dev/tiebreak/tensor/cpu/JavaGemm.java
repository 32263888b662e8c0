package dev.tiebreak.tensor.cpu;

import static dev.tiebreak.tensor.cpu.Simd.FLOATS;
import static dev.tiebreak.tensor.cpu.Simd.load;
import static dev.tiebreak.tensor.cpu.Simd.store;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;

/**
 * The matrix product in plain Java, for machines where OpenBLAS cannot be loaded. A tenth of its
 * speed or so: a row of C is built from scaled rows of B.
 */
public final class JavaGemm implements Gemm {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
  private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE;

  @Override
  public void f32(
      boolean transposeA,
      boolean transposeB,
      int m,
      int n,
      int k,
      float alpha,
      MemorySegment a,
      int lda,
      MemorySegment b,
      int ldb,
      float beta,
      MemorySegment c,
      int ldc) {
    if (Gemv.isFewRows(transposeA, transposeB, m) && beta == 0) {
      Gemv.dots(a, m, lda, b, n, k, ldb, alpha, c, ldc);
      return;
    }
    MemorySegment rowsOfB = transposeB ? transposed(b, ldb, n, k) : b; // (k, n)
    int stride = transposeB ? n : ldb;
    for (int i = 0; i < m; i++) {
      long row = (long) i * ldc;
      scaleRow(c, row, n, beta);
      for (int p = 0; p < k; p++) {
        long place = transposeA ? (long) p * lda + i : (long) i * lda + p;
        addScaledRow(c, row, rowsOfB, (long) p * stride, n, alpha * a.getAtIndex(FLOAT, place));
      }
    }
  }

  private static MemorySegment transposed(MemorySegment b, int ldb, int n, int k) {
    float[] copy = new float[n * k];
    for (int j = 0; j < n; j++) {
      for (int p = 0; p < k; p++) {
        copy[p * n + j] = b.getAtIndex(FLOAT, (long) j * ldb + p);
      }
    }
    return MemorySegment.ofArray(copy);
  }

  private static void scaleRow(MemorySegment c, long row, int n, float beta) {
    for (int j = 0; j < n; j++) {
      float old = beta == 0 ? 0 : beta * c.getAtIndex(FLOAT, row + j);
      c.setAtIndex(FLOAT, row + j, old);
    }
  }

  private static void addScaledRow(
      MemorySegment c, long row, MemorySegment b, long rowOfB, int n, float factor) {
    int bound = FLOATS.loopBound(n);
    int j = 0;
    for (; j < bound; j += FLOATS.length()) {
      FloatVector sum =
          load(b, rowOfB + j).fma(FloatVector.broadcast(FLOATS, factor), load(c, row + j));
      store(c, row + j, sum);
    }
    for (; j < n; j++) {
      float sum = Math.fma(b.getAtIndex(FLOAT, rowOfB + j), factor, c.getAtIndex(FLOAT, row + j));
      c.setAtIndex(FLOAT, row + j, sum);
    }
  }

  @Override
  public void f64(
      boolean transposeA,
      boolean transposeB,
      int m,
      int n,
      int k,
      double alpha,
      MemorySegment a,
      int lda,
      MemorySegment b,
      int ldb,
      double beta,
      MemorySegment c,
      int ldc) {
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double sum = 0;
        for (int p = 0; p < k; p++) {
          double left = a.getAtIndex(DOUBLE, transposeA ? (long) p * lda + i : (long) i * lda + p);
          double right = b.getAtIndex(DOUBLE, transposeB ? (long) j * ldb + p : (long) p * ldb + j);
          sum += left * right;
        }
        long place = (long) i * ldc + j;
        double old = beta == 0 ? 0 : beta * c.getAtIndex(DOUBLE, place);
        c.setAtIndex(DOUBLE, place, alpha * sum + old);
      }
    }
  }

  @Override
  public String description() {
    return "pure Java (no OpenBLAS)";
  }
}
