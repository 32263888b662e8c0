package dev.tiebreak.nn;

import dev.tiebreak.nn.GptConfig.NormKind;
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

  Tensor forward(Tensor x) { // (B, T, C) -> (B, T, C)
    return switch (kind) {
      case LAYER -> x.layerNorm(weight, bias, epsilon);
      case RMS -> x.rmsNorm(weight, epsilon);
    };
  }
}
