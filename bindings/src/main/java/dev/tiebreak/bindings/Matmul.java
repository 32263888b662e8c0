package dev.tiebreak.bindings;

import java.util.Locale;

/**
 * The numbers of a row-major matrix product C = alpha op(A) op(B) + beta C, where op(X) is X, or
 * its transpose if so asked. If beta is 0, C is only written, whatever it holds.
 *
 * @param transposeA whether A is stored as (k, m) instead of (m, k)
 * @param transposeB whether B is stored as (n, k) instead of (k, n)
 * @param m rows of op(A) and C
 * @param n columns of op(B) and C
 * @param k columns of op(A), rows of op(B)
 * @param lda elements from one stored row of A to the next; likewise ldb, ldc
 */
public record Matmul(
    boolean transposeA,
    boolean transposeB,
    int m,
    int n,
    int k,
    double alpha,
    int lda,
    int ldb,
    double beta,
    int ldc) {

  /** A product of dense matrices. */
  public static Matmul dense(
      boolean transposeA, boolean transposeB, int m, int n, int k, double beta) {
    return new Matmul(
        transposeA, transposeB, m, n, k, 1, transposeA ? m : k, transposeB ? k : n, beta, n);
  }

  /** Such as {@code matmul 4096 x 768 x 3072, B transposed}: m, n, k. */
  public String toText() {
    String transposed = transposeA ? ", A transposed" : transposeB ? ", B transposed" : "";
    return String.format(Locale.ROOT, "matmul %d x %d x %d%s", m, n, k, transposed);
  }

  /** The same for so many rows of op(A) and C. */
  public Matmul withRows(int rows) {
    return new Matmul(transposeA, transposeB, rows, n, k, alpha, lda, ldb, beta, ldc);
  }

  /** The same for so many columns of op(B) and C. */
  public Matmul withColumns(int columns) {
    return new Matmul(transposeA, transposeB, m, columns, k, alpha, lda, ldb, beta, ldc);
  }

  /** The same with other factors. */
  public Matmul withFactors(double newAlpha, double newBeta) {
    return new Matmul(transposeA, transposeB, m, n, k, newAlpha, lda, ldb, newBeta, ldc);
  }
}
