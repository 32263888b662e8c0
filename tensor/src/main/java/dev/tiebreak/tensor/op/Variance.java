package dev.tiebreak.tensor.op;

import dev.tiebreak.tensor.Shape;
import dev.tiebreak.tensor.Tensor;

/**
 * Population variance v[r] = 1/n * sum over j of (x[r, j] - m[r])^2, where a row r is either the
 * last dimension or the whole tensor. Backward: dx[r, j] = dv[r] * 2 (x[r, j] - m[r]) / n; the
 * mean's own share cancels. Two passes in double, so equal elements give exactly zero.
 */
public final class Variance {
  private Variance() {}

  /** The variance of all elements: a scalar. */
  public static Tensor all(Tensor x) {
    return apply(x, Shape.of());
  }

  /** The variance over the last dimension: x's shape without it. */
  public static Tensor lastDimension(Tensor x) {
    return apply(x, x.shape().withoutLast());
  }

  private static Tensor apply(Tensor x, Shape shape) {
    Tensor v = x.result(shape);
    long n = x.size() / v.size();
    for (long r = 0; r < v.size(); r++) {
      double mean = mean(x, r, n);
      double sum = 0;
      for (long i = r * n; i < (r + 1) * n; i++) {
        sum += (x.get(i) - mean) * (x.get(i) - mean);
      }
      v.set(r, sum / n);
    }
    return v.record(() -> backward(x, v, n), x);
  }

  private static double mean(Tensor x, long r, long n) {
    double sum = 0;
    for (long i = r * n; i < (r + 1) * n; i++) {
      sum += x.get(i);
    }
    return sum / n;
  }

  private static void backward(Tensor x, Tensor v, long n) {
    boolean add = x.startGradient();
    Tensor dx = x.gradient();
    for (long r = 0; r < v.size(); r++) {
      double mean = mean(x, r, n);
      double scale = v.gradient().get(r) * 2 / n;
      for (long i = r * n; i < (r + 1) * n; i++) {
        dx.put(i, scale * (x.get(i) - mean), add);
      }
    }
  }
}
