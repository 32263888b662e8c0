package dev.tiebreak.nn;

import dev.tiebreak.nn.GptConfig.Activation;
import dev.tiebreak.nn.GptConfig.NormKind;
import dev.tiebreak.nn.GptConfig.Positions;

/** Shapes that the tests build. Both vocabularies are 23, both sequence lengths 8. */
enum Configs {
  GPT2(gpt2(8, 2, 2, 16, 64, 0)),
  LLAMA(llama(2, false)),
  /** One key/value head for four query heads, and a tied head. */
  LLAMA_ONE_KV_HEAD(llama(1, true));

  final GptConfig config;

  Configs(GptConfig config) {
    this.config = config;
  }

  static GptConfig gpt2(
      int sequenceLength, int layers, int heads, int channels, int hidden, double dropout) {
    return new GptConfig(
        23,
        sequenceLength,
        layers,
        heads,
        heads,
        channels,
        hidden,
        Positions.LEARNED,
        NormKind.LAYER,
        Activation.GELU,
        true,
        true,
        dropout,
        10000,
        1e-5);
  }

  private static GptConfig llama(int kvHeads, boolean tiedHead) {
    return new GptConfig(
        23,
        8,
        3,
        4,
        kvHeads,
        24,
        32,
        Positions.ROPE,
        NormKind.RMS,
        Activation.SWIGLU,
        tiedHead,
        false,
        0,
        10000,
        1e-5);
  }

  /** GPT-2 with 124M weights (Radford et al., 2019). */
  static GptConfig gpt2With124M() {
    return new GptConfig(
        50257,
        1024,
        12,
        12,
        12,
        768,
        3072,
        Positions.LEARNED,
        NormKind.LAYER,
        Activation.GELU,
        true,
        true,
        0,
        10000,
        1e-5);
  }
}
