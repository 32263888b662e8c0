package dev.tiebreak.trainer.evidence.statistics.fit;

/**
 * Cholesky's factor L of small dense symmetric matrices, A = L L', in place in the lower triangle.
 */
public final class Cholesky {
  private Cholesky() {}

  /**
   * Factors the leading rows and columns.
   *
   * @param a (size or more, size or more), whose lower triangle is read and replaced
   * @return whether it is positive definite, to rounding
   */
  public static boolean factor(double[][] a, int size) {
    int i = 0;
    for (; i + 3 < size; i += 4) { // four rows at once, so that those above are read once
      for (int j = 0; j < i; j++) {
        fourDots(a, i, j);
      }
      for (int r = i; r < i + 4; r++) {
        if (!finishRow(a, r, i)) {
          return false;
        }
      }
    }
    for (; i < size; i++) {
      if (!finishRow(a, i, 0)) {
        return false;
      }
    }
    return true;
  }

  private static void fourDots(double[][] a, int i, int j) {
    double[] r0 = a[i];
    double[] r1 = a[i + 1];
    double[] r2 = a[i + 2];
    double[] r3 = a[i + 3];
    double[] other = a[j];
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    for (int k = 0; k < j; k++) {
      double value = other[k];
      s0 += r0[k] * value;
      s1 += r1[k] * value;
      s2 += r2[k] * value;
      s3 += r3[k] * value;
    }
    double pivot = other[j];
    r0[j] = (r0[j] - s0) / pivot;
    r1[j] = (r1[j] - s1) / pivot;
    r2[j] = (r2[j] - s2) / pivot;
    r3[j] = (r3[j] - s3) / pivot;
  }

  /** The columns of a row from one on, up to its diagonal. */
  private static boolean finishRow(double[][] a, int i, int from) {
    double[] row = a[i];
    for (int j = from; j < i; j++) {
      row[j] = (row[j] - dot(row, a[j], j)) / a[j][j];
    }
    double diagonal = row[i];
    double rest = diagonal - dot(row, row, i);
    if (!(rest > 1e-13 * Math.abs(diagonal))) {
      return false;
    }
    row[i] = Math.sqrt(rest);
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
  public static void solve(double[][] factor, double[] b, int size) {
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
  public static double[][] inverse(double[][] factor) {
    double[][] inverse = new double[factor.length][factor.length];
    for (int i = 0; i < factor.length; i++) {
      inverse[i][i] = 1;
      solve(factor, inverse[i], factor.length);
    }
    return inverse;
  }
}
