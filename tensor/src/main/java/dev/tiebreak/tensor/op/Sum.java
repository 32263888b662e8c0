package dev.tiebreak.tensor.op;

import dev.tiebreak.tensor.Shape;
import dev.tiebreak.tensor.Tensor;

/**
 * y[r] = factor * sum over j of x[r, j], where a row r is either the last dimension or the whole
 * tensor. Backward: dx[r, j] = factor * dy[r]. Adds in double, in order.
 */
public final class Sum {
  private Sum() {}

  /** The sum (factor 1) or mean (factor 1/n) of all elements: a scalar. */
  public static Tensor all(Tensor x, double factor) {
    return apply(x, Shape.of(), factor);
  }

  /** The sum or mean over the last dimension: x's shape without it. */
  public static Tensor lastDimension(Tensor x, double factor) {
    return apply(x, x.shape().withoutLast(), factor);
  }

  private static Tensor apply(Tensor x, Shape shape, double factor) {
    Tensor y = x.result(shape);
    long n = x.size() / y.size();
    y.cpu()
        .forRows(
            y.size(),
            n,
            (from, to, worker) -> {
              for (long r = from; r < to; r++) {
                double sum = 0;
                for (long i = r * n; i < (r + 1) * n; i++) {
                  sum += x.get(i);
                }
                y.set(r, factor * sum);
              }
            });
    return y.record(() -> backward(x, y, n, factor), x);
  }

  private static void backward(Tensor x, Tensor y, long n, double factor) {
    boolean add = x.startGradient();
    Tensor dx = x.gradient();
    Tensor dy = y.gradient();
    x.cpu()
        .forElements(
            x.size(),
            (from, to, worker) -> {
              for (long i = from; i < to; i++) {
                dx.put(i, factor * dy.get(i / n), add);
              }
            });
  }
}
