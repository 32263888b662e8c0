package dev.tiebreak.nn;

import dev.tiebreak.nn.GptConfig.NormKind;
import dev.tiebreak.tensor.ResidualRmsNorm;
import dev.tiebreak.tensor.Tensor;

/**
 * Layer norm or RMS norm over channels.
 *
 * @param weight (C)
 * @param bias (C), or null; RMS norm has none
 */
record Norm(NormKind kind, Tensor weight, Tensor bias, double epsilon) {
  static Norm of(Initializer init, String name, GptConfig config) {
    Tensor weight = init.vector(name + ".weight", config.channels(), 1);
    boolean hasBias = config.norm() == NormKind.LAYER && config.bias();
    Tensor bias = hasBias ? init.vector(name + ".bias", config.channels(), 0) : null;
    return new Norm(config.norm(), weight, bias, config.normEpsilon());
  }

  /**
   * A place in the residual stream.
   *
   * @param x the stream (B, T, C)
   * @param normed what this norm makes of it (B, T, C)
   * @param divergence of x from an earlier place; null if that was not asked for
   */
  record Point(Tensor x, Tensor normed, Tensor divergence) {}

  /**
   * The place after adding a branch: x + branch, normed.
   *
   * @param branch a result that nothing else reads; its memory may be taken for the sum
   * @param origin where the divergence is measured from; null for none
   */
  Point afterAdding(Tensor x, Tensor branch, Tensor origin) {
    return switch (kind) {
      case LAYER -> {
        Tensor sum = x.addInPlaceOf(branch);
        Tensor normed = forward(sum);
        yield new Point(sum, normed, origin == null ? null : origin.divergence(sum));
      }
      case RMS -> {
        ResidualRmsNorm.Result both = x.residualRmsNorm(branch, weight, epsilon, origin);
        yield new Point(both.sum(), both.normed(), both.divergence());
      }
    };
  }

  Tensor forward(Tensor x) { // (B, T, C) -> (B, T, C)
    return switch (kind) {
      case LAYER -> x.layerNorm(weight, bias, epsilon);
      case RMS -> x.rmsNorm(weight, epsilon);
    };
  }
}
