package dev.tiebreak.trainer.statistics;

/**
 * Cholesky's factor L of small dense symmetric matrices, A = L L', in place in the lower triangle.
 */
final class Cholesky {
  private Cholesky() {}

  /**
   * Factors the leading rows and columns.
   *
   * @param a (size or more, size or more), whose lower triangle is read and replaced
   * @return whether it is positive definite, to rounding
   */
  static boolean factor(double[][] a, int size) {
    for (int i = 0; i < size; i++) {
      double[] row = a[i];
      double diagonal = row[i];
      for (int j = 0; j < i; j++) {
        row[j] = (row[j] - dot(row, a[j], j)) / a[j][j];
      }
      double rest = diagonal - dot(row, row, i);
      if (!(rest > 1e-13 * Math.abs(diagonal))) {
        return false;
      }
      row[i] = Math.sqrt(rest);
    }
    return true;
  }

  /** Of the first values; in four sums, which do not wait for each other. */
  private static double dot(double[] a, double[] b, int size) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int k = 0;
    for (; k + 3 < size; k += 4) {
      s0 += a[k] * b[k];
      s1 += a[k + 1] * b[k + 1];
      s2 += a[k + 2] * b[k + 2];
      s3 += a[k + 3] * b[k + 3];
    }
    for (; k < size; k++) {
      s0 += a[k] * b[k];
    }
    return s0 + s1 + (s2 + s3);
  }

  /** Replaces b by the solution of L L' x = b. */
  static void solve(double[][] factor, double[] b, int size) {
    for (int i = 0; i < size; i++) {
      double sum = b[i];
      for (int k = 0; k < i; k++) {
        sum -= factor[i][k] * b[k];
      }
      b[i] = sum / factor[i][i];
    }
    for (int i = size - 1; i >= 0; i--) {
      b[i] /= factor[i][i];
      for (int k = 0; k < i; k++) {
        b[k] -= factor[i][k] * b[i];
      }
    }
  }

  /** The inverse of L L'. */
  static double[][] inverse(double[][] factor) {
    double[][] inverse = new double[factor.length][factor.length];
    for (int i = 0; i < factor.length; i++) {
      inverse[i][i] = 1;
      solve(factor, inverse[i], factor.length);
    }
    return inverse;
  }
}
