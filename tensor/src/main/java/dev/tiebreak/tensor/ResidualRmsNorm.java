package dev.tiebreak.tensor;

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
  static Result apply(Tensor x, Tensor branch, Tensor weight, double epsilon, Tensor origin) {
    Shapes.requireSameShape("residual rms norm", x, branch);
    if (origin != null) {
      Shapes.requireSameShape("residual rms norm", x, origin);
    }
    Tensor sum = x.like();
    RowNorm norm = RowNorm.of("residual rms norm", sum, weight, null, false);
    Tensor normed = x.like();
    return switch (x.backend()) {
      case CpuBackend cpu -> {
        Add.repeated(sum, x, branch, 1);
        norm.forward(cpu, normed, epsilon);
        Tensor divergence = origin == null ? null : Divergence.apply(origin, sum);
        sum.record(() -> Add.backward(sum, x, branch, 1), x, branch);
        normed.record(() -> norm.backward(cpu, normed.gradient()), sum, weight);
        yield new Result(sum, normed, divergence);
      }
      case CudaBackend cuda -> {
        Tensor divergence = forward(cuda, norm, normed, x, branch, epsilon, origin);
        sum.record(() -> backwardOfSumAlone(sum, normed, x, branch), x, branch);
        normed.record(() -> backward(cuda, normed, norm, x, branch), x, branch, weight);
        yield new Result(sum, normed, divergence);
      }
    };
  }

  private static Tensor forward(
      CudaBackend cuda,
      RowNorm norm,
      Tensor normed,
      Tensor x,
      Tensor branch,
      double epsilon,
      Tensor origin) {
    Tensor changes = origin == null ? null : x.wideResult(norm.scales().shape());
    Tensor sizes = origin == null ? null : x.wideResult(norm.scales().shape());
    cuda.kernel(ResidualRmsNorm.class, "residual_rmsnorm_forward", x.dtype())
        .pointer(norm.x().address())
        .pointer(normed.address())
        .pointer(norm.scales().address())
        .pointer(RowNorm.address(changes))
        .pointer(RowNorm.address(sizes))
        .pointer(x.address())
        .pointer(branch.address())
        .pointer(norm.weight().address())
        .pointer(RowNorm.address(origin))
        .count(norm.n())
        .real(epsilon)
        .rows(norm.rows(), norm.n());
    if (origin == null) {
      return null;
    }
    Tensor divergence = Divergence.finish(cuda, changes, sizes);
    changes.giveBack();
    sizes.giveBack();
    return divergence;
  }

  /**
   * Runs before the backward of the sum, when the gradient of the sum has in it all that came from
   * later operations: so it can do the work of both.
   */
  private static void backward(
      CudaBackend cuda, Tensor normed, RowNorm norm, Tensor x, Tensor branch) {
    Tensor sum = norm.x();
    Tensor later = sum.hasGradient() ? sum.gradient() : null;
    Contribution dx = Contribution.ofSameType("residual rms norm", x);
    Contribution dbranch = Contribution.ofSameType("residual rms norm", branch);
    RmsNorm.backward(cuda, normed.gradient(), norm, later, dx, dbranch);
  }

  private static void backwardOfSumAlone(Tensor sum, Tensor normed, Tensor x, Tensor branch) {
    if (!normed.hasGradient()) {
      Add.backward(sum, x, branch, 1);
    }
  }
}
