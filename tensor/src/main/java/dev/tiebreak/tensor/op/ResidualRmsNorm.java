package dev.tiebreak.tensor.op;

import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.CudaBackend;
import dev.tiebreak.tensor.Shape;
import dev.tiebreak.tensor.Tensor;

/**
 * A residual connection and the norm behind it: sum = x + branch, normed = rmsnorm(sum) weight, as
 * in {@link Add} and {@link RmsNorm}; and, where the block's input is given, the block's {@link
 * Divergence} from it.
 *
 * <p>Backward: the gradient of sum is what came from later operations plus that of the norm; x and
 * branch both get it. A GPU does each direction in one kernel.
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
   * Both results for x and branch (..., C) and weight (C). Where x and branch share memory they
   * must be the same.
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
    Tensor scales = x.wideResult(Shape.of(Math.toIntExact(x.shape().rows())));
    return switch (x.backend()) {
      case CpuBackend cpu -> {
        Add.repeated(sum, x, branch, 1);
        RmsNorm.forward(cpu, normed, sum, weight, scales, epsilon);
        Tensor divergence = origin == null ? null : Divergence.apply(origin, sum);
        sum.record(() -> Add.backward(sum, x, branch, 1), x, branch);
        normed.record(() -> RmsNorm.backward(cpu, normed, sum, weight, scales), sum, weight);
        yield new Result(sum, normed, divergence);
      }
      case CudaBackend cuda -> {
        Tensor divergence = forward(cuda, sum, normed, scales, x, branch, weight, epsilon, origin);
        sum.record(() -> backwardOfSumAlone(sum, normed, x, branch), x, branch);
        normed.record(
            () -> backward(cuda, normed, sum, scales, x, branch, weight), x, branch, weight);
        yield new Result(sum, normed, divergence);
      }
    };
  }

  private static Tensor forward(
      CudaBackend cuda,
      Tensor sum,
      Tensor normed,
      Tensor scales,
      Tensor x,
      Tensor branch,
      Tensor weight,
      double epsilon,
      Tensor origin) {
    int n = x.shape().columns();
    Tensor changes = origin == null ? null : x.wideResult(scales.shape());
    Tensor sizes = origin == null ? null : x.wideResult(scales.shape());
    cuda.kernel(ResidualRmsNorm.class, "residual_rmsnorm_forward", x.dtype())
        .pointer(sum.address())
        .pointer(normed.address())
        .pointer(scales.address())
        .pointer(origin == null ? 0 : changes.address())
        .pointer(origin == null ? 0 : sizes.address())
        .pointer(x.address())
        .pointer(branch.address())
        .pointer(weight.address())
        .pointer(origin == null ? 0 : origin.address())
        .count(n)
        .real(epsilon)
        .rows(scales.size(), n);
    if (origin == null) {
      return null;
    }
    Tensor divergence = Divergence.finish(cuda, changes, sizes);
    changes.giveBack();
    sizes.giveBack();
    return divergence;
  }

  /**
   * Runs before the backward of {@code sum}, when the gradient of {@code sum} has in it all that
   * came from later operations: so it can do the work of both.
   */
  private static void backward(
      CudaBackend cuda,
      Tensor normed,
      Tensor sum,
      Tensor scales,
      Tensor x,
      Tensor branch,
      Tensor weight) {
    Tensor later = sum.hasGradient() ? sum.gradient() : null;
    GradientTarget dx = GradientTarget.of("residual rms norm", x);
    GradientTarget dbranch = GradientTarget.of("residual rms norm", branch);
    RmsNorm.backward(cuda, normed, sum, weight, scales, later, dx, dbranch);
  }

  private static void backwardOfSumAlone(Tensor sum, Tensor normed, Tensor x, Tensor branch) {
    if (!normed.hasGradient()) {
      Add.backward(sum, x, branch, 1);
    }
  }
}
