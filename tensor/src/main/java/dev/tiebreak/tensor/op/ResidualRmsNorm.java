package dev.tiebreak.tensor.op;

import dev.tiebreak.tensor.Shape;
import dev.tiebreak.tensor.Tensor;

/**
 * A residual connection and the norm behind it: sum = x + branch, normed = rmsnorm(sum) weight, as
 * in {@link Add} and {@link RmsNorm}; and, where the block's input is given, the block's {@link
 * Divergence} from it.
 *
 * <p>Backward: the gradient of sum is what came from later operations plus that of the norm; x and
 * branch both get it.
 */
public final class ResidualRmsNorm {
  private ResidualRmsNorm() {}

  /**
   * What one pass gives.
   *
   * @param sum x + branch, of x's shape
   * @param normed the norm of {@code sum} times the weight, of x's shape
   * @param divergence of {@code sum} from the origin: a scalar without a gradient; null without an
   *     origin
   */
  public record Result(Tensor sum, Tensor normed, Tensor divergence) {}

  /**
   * Both results for x and branch (..., C) and weight (C).
   *
   * @param origin what the divergence is measured from, of x's shape; null for no divergence
   */
  public static Result apply(
      Tensor x, Tensor branch, Tensor weight, double epsilon, Tensor origin) {
    int n = x.shape().columns();
    Shapes.requireSameShape("residual rms norm", x, branch);
    Shapes.requireSameType("residual rms norm", x, weight);
    Shapes.requireRow("residual rms norm", "weight", weight, n);
    if (origin != null) {
      Shapes.requireSameShape("residual rms norm", x, origin);
    }
    Tensor sum = x.like();
    Tensor normed = x.like();
    Tensor scales = x.result(Shape.of(Math.toIntExact(x.shape().rows())));
    Add.repeated(sum, x, branch, 1);
    RmsNorm.forward(normed, sum, weight, scales, epsilon);
    Tensor divergence = origin == null ? null : Divergence.apply(origin, sum);
    sum.record(() -> Add.backward(sum, x, branch, 1), x, branch);
    normed.record(() -> RmsNorm.backward(normed, sum, weight, scales), sum, weight);
    return new Result(sum, normed, divergence);
  }
}
