package dev.tiebreak.nn;

import dev.tiebreak.nn.GptConfig.Activation;
import dev.tiebreak.tensor.Tensor;

/**
 * The feed-forward part of a block.
 *
 * @param up (hidden, C), or (2 hidden, C) with SwiGLU, gate rows first
 * @param down (C, hidden)
 */
record Mlp(Linear up, Linear down, Activation activation) {
  static Mlp of(Initializer init, String name, GptConfig config) {
    boolean gated = config.activation() == Activation.SWIGLU;
    int width = gated ? 2 * config.hidden() : config.hidden();
    String up = gated ? ".gate_up" : ".up";
    return new Mlp(
        Linear.of(init, name + up, width, config.channels(), config.bias()),
        Linear.residual(init, name + ".down", config.channels(), config.hidden(), config.bias()),
        config.activation());
  }

  Tensor forward(Tensor x) { // (B, T, C) -> (B, T, C)
    Tensor wide = up.forward(x); // (B, T, hidden), twice as wide with SwiGLU
    Tensor active =
        switch (activation) {
          case GELU -> wide.gelu();
          case GELU_ERF -> wide.geluErf();
          case SWIGLU -> wide.swiGlu();
        };
    return down.forward(active);
  }
}
