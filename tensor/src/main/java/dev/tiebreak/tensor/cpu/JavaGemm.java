package dev.tiebreak.tensor.cpu;

import static dev.tiebreak.tensor.cpu.Simd.FLOATS;
import static dev.tiebreak.tensor.cpu.Simd.load;
import static dev.tiebreak.tensor.cpu.Simd.store;

import dev.tiebreak.bindings.Matmul;
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
  public void f32(Matmul p, MemorySegment a, MemorySegment b, MemorySegment c) {
    if (Gemv.fits(p) && p.beta() == 0) {
      Gemv.multiply(p, a, b, c);
      return;
    }
    int n = p.n();
    float alpha = (float) p.alpha();
    MemorySegment rowsOfB = p.transposeB() ? transposed(b, p.ldb(), n, p.k()) : b; // (k, n)
    int stride = p.transposeB() ? n : p.ldb();
    for (int i = 0; i < p.m(); i++) {
      long row = (long) i * p.ldc();
      scaleRow(c, row, n, (float) p.beta());
      for (int l = 0; l < p.k(); l++) {
        float factor = alpha * a.getAtIndex(FLOAT, placeInA(p, i, l));
        addScaledRow(c, row, rowsOfB, (long) l * stride, n, factor);
      }
    }
  }

  private static long placeInA(Matmul p, int i, int l) {
    return p.transposeA() ? (long) l * p.lda() + i : (long) i * p.lda() + l;
  }

  private static long placeInB(Matmul p, int l, int j) {
    return p.transposeB() ? (long) j * p.ldb() + l : (long) l * p.ldb() + j;
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
  public void f64(Matmul p, MemorySegment a, MemorySegment b, MemorySegment c) {
    for (int i = 0; i < p.m(); i++) {
      for (int j = 0; j < p.n(); j++) {
        double sum = 0;
        for (int l = 0; l < p.k(); l++) {
          sum += a.getAtIndex(DOUBLE, placeInA(p, i, l)) * b.getAtIndex(DOUBLE, placeInB(p, l, j));
        }
        long place = (long) i * p.ldc() + j;
        double old = p.beta() == 0 ? 0 : p.beta() * c.getAtIndex(DOUBLE, place);
        c.setAtIndex(DOUBLE, place, p.alpha() * sum + old);
      }
    }
  }

  @Override
  public String description() {
    return "pure Java (no OpenBLAS)";
  }
}
