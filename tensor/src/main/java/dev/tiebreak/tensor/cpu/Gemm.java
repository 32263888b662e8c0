package dev.tiebreak.tensor.cpu;

import java.lang.foreign.MemorySegment;

/**
 * Row-major matrix product C = alpha * op(A) * op(B) + beta * C on one thread, where op(A) is (m,
 * k), op(B) is (k, n), C is (m, n) and op transposes when asked to. With beta = 0 C's old content
 * is not read.
 */
public sealed interface Gemm permits BlasGemm, JavaGemm {
  /** In float32; leading dimensions count elements. */
  void f32(
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
      int ldc);

  /** In float64; leading dimensions count elements. */
  void f64(
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
      int ldc);

  /** One line: which library, kernels and path. */
  String description();
}
