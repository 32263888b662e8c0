package dev.tiebreak.tensor.cpu;

import dev.tiebreak.bindings.OpenBlas;
import java.lang.foreign.MemorySegment;

/** OpenBLAS, told to use one thread per call: this library's own threads divide the work. */
public final class BlasGemm implements Gemm {
  private final OpenBlas blas;

  /** Takes over the loaded library's thread setting. */
  public BlasGemm(OpenBlas blas) {
    this.blas = blas;
    blas.setThreads(1);
  }

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
    blas.sgemm(transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
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
    blas.dgemm(transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
  }

  @Override
  public String description() {
    return "OpenBLAS " + blas.version() + ", " + blas.coreName() + " kernels, " + blas.path();
  }
}
