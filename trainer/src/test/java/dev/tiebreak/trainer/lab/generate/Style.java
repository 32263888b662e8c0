package dev.tiebreak.trainer.lab.generate;

import dev.tiebreak.nn.Gpt;
import dev.tiebreak.nn.GptConfig;
import dev.tiebreak.nn.GptConfig.Activation;
import dev.tiebreak.nn.GptConfig.NormKind;
import dev.tiebreak.nn.GptConfig.Positions;
import dev.tiebreak.nn.Parameter;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tensor;

/** Tiny untrained models of both families; their texts are noise, but always the same noise. */
enum Style {
  GPT2 {
    @Override
    GptConfig config(int vocabulary, int length) {
      return new GptConfig(
          vocabulary,
          length,
          2,
          2,
          2,
          16,
          64,
          Positions.LEARNED,
          NormKind.LAYER,
          Activation.GELU,
          true,
          true,
          0.5,
          10_000,
          1e-5);
    }
  },
  LLAMA {
    @Override
    GptConfig config(int vocabulary, int length) {
      return new GptConfig(
          vocabulary,
          length,
          3,
          4,
          2,
          24,
          32,
          Positions.ROPE,
          NormKind.RMS,
          Activation.SWIGLU,
          false,
          false,
          0,
          10_000,
          1e-5);
    }
  };

  abstract GptConfig config(int vocabulary, int length);

  /** A model of the style whose next token depends much on the ones before. */
  Gpt model(int vocabulary, int length, Scope scope) {
    Gpt model = new Gpt(config(vocabulary, length), DType.F32, scope, 3);
    for (Parameter parameter : model.parameters()) {
      Tensor tensor = parameter.tensor();
      for (long i = 0; parameter.decays() && i < tensor.size(); i++) {
        tensor.set(i, 10 * tensor.get(i));
      }
    }
    return model;
  }
}
