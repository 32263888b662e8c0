package dev.tiebreak.nn;

import dev.tiebreak.tensor.KvCache;
import dev.tiebreak.tensor.Tensor;
import java.util.List;

/**
 * One pre-norm transformer block: x = x + attention(norm(x)), then x = x + mlp(norm(x)).
 *
 * @param parameters the block's weights, in order
 */
record Block(
    Norm attentionNorm,
    SelfAttention attention,
    Norm mlpNorm,
    Mlp mlp,
    List<Parameter> parameters) {

  static Block of(Initializer init, String name, GptConfig config, Rotation rotation) {
    int first = init.count();
    Norm attentionNorm = Norm.of(init, name + ".attention_norm", config);
    SelfAttention attention = SelfAttention.of(init, name + ".attention", config, rotation);
    Norm mlpNorm = Norm.of(init, name + ".mlp_norm", config);
    Mlp mlp = Mlp.of(init, name + ".mlp", config);
    List<Parameter> own = init.parameters().subList(first, init.count());
    return new Block(attentionNorm, attention, mlpNorm, mlp, List.copyOf(own));
  }

  Tensor forward(Tensor x, KvCache cache, DropoutSites dropout) { // (B, T, C) -> (B, T, C)
    Tensor mixed = x.add(dropout.apply(attention.forward(attentionNorm.forward(x), cache)));
    return mixed.add(dropout.apply(mlp.forward(mlpNorm.forward(mixed))));
  }
}
