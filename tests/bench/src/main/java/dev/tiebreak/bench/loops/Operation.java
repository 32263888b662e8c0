package dev.tiebreak.bench.loops;

import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.tensor.attention.Attention;
import java.util.function.Supplier;

/** The operations of one step of GPT-2, each with the sizes it has in the small shape. */
public enum Operation {
  /** Token embedding: (B, T) to (B, T, C). */
  EMBEDDING {
    @Override
    Supplier<Tensor> on(Inputs in) {
      Tensor table = in.weight(in.model.vocabulary(), in.model.channels());
      Tensor tokens = in.tokens();
      return () -> table.embedding(tokens);
    }
  },
  /** Residual stream plus branch, (B, T, C). */
  ADD {
    @Override
    Supplier<Tensor> on(Inputs in) {
      Tensor a = in.activations(in.model.channels());
      Tensor b = in.activations(in.model.channels());
      return () -> a.add(b);
    }
  },
  /** (B, T, C). */
  LAYER_NORM {
    @Override
    Supplier<Tensor> on(Inputs in) {
      Tensor x = in.activations(in.model.channels());
      Tensor weight = in.weight(in.model.channels());
      Tensor bias = in.weight(in.model.channels());
      return () -> x.layerNorm(weight, bias, in.model.normEpsilon());
    }
  },
  /** Packed queries, keys, values (B, T, 3C) to (B, T, C). */
  ATTENTION {
    @Override
    Supplier<Tensor> on(Inputs in) {
      Tensor qkv = in.activations(in.model.qkvWidth());
      return () -> Attention.causal(qkv, in.model.heads(), in.model.kvHeads());
    }
  },
  /** (B, T, 4C). */
  GELU {
    @Override
    Supplier<Tensor> on(Inputs in) {
      Tensor x = in.activations(in.model.hidden());
      return x::gelu;
    }
  },
  /** Linear layer to packed queries, keys, values: C to 3C. */
  LINEAR_QKV {
    @Override
    Supplier<Tensor> on(Inputs in) {
      return linear(in, in.model.qkvWidth(), in.model.channels());
    }
  },
  /** Linear layer after attention: C to C. */
  LINEAR_PROJECTION {
    @Override
    Supplier<Tensor> on(Inputs in) {
      return linear(in, in.model.channels(), in.model.channels());
    }
  },
  /** Linear layer into the feed-forward: C to 4C. */
  LINEAR_UP {
    @Override
    Supplier<Tensor> on(Inputs in) {
      return linear(in, in.model.hidden(), in.model.channels());
    }
  },
  /** Linear layer out of the feed-forward: 4C to C. */
  LINEAR_DOWN {
    @Override
    Supplier<Tensor> on(Inputs in) {
      return linear(in, in.model.channels(), in.model.hidden());
    }
  },
  /** Softmax and cross-entropy, logits (B, T, V) to losses (B, T). */
  CROSS_ENTROPY {
    @Override
    Supplier<Tensor> on(Inputs in) {
      Tensor logits = in.activations(in.model.vocabulary());
      Tensor targets = in.tokens();
      return () -> logits.crossEntropy(targets);
    }
  };

  /** Makes the inputs; what comes back computes the result from them. */
  abstract Supplier<Tensor> on(Inputs in);

  private static Supplier<Tensor> linear(Inputs in, int to, int from) {
    Tensor x = in.activations(from);
    Tensor weight = in.weight(to, from);
    Tensor bias = in.weight(to);
    return () -> x.linear(weight, bias);
  }
}
