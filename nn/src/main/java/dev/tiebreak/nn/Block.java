package dev.tiebreak.nn;

import dev.tiebreak.tensor.Rotation;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.tensor.attention.KvCache;
import java.util.List;

/**
 * One pre-norm transformer block:
 *
 * <pre>{@code
 * a = x + dropout(attention(attentionNorm(x)))
 * y = a + dropout(mlp(mlpNorm(a)))
 * }</pre>
 *
 * <p>That is what it computes, but each sum goes together with the norm behind it, which on a GPU
 * is one pass over memory for both. So a block is given x with its norm, and ends with the norm of
 * what follows: {@link #forward} is the two lines above, moved by one norm.
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
    return new Block(attentionNorm, attention, mlpNorm, mlp, init.since(first));
  }

  /**
   * Runs the block.
   *
   * @param in the residual stream, normed by this block's attention norm
   * @param next the norm of what follows: of the next block's attention or of the head
   * @param measured whether the result says how far the block moved the stream
   * @param cache keys and values of earlier positions; null for none
   */
  Norm.Point forward(
      Norm.Point in, Norm next, boolean measured, KvCache cache, DropoutSites dropout) {
    Tensor mixed = dropout.apply(attention.forward(in.normed(), cache));
    Norm.Point a = mlpNorm.afterAdding(in.x(), mixed, null);
    Tensor fed = dropout.apply(mlp.forward(a.normed()));
    return next.afterAdding(a.x(), fed, measured ? in.x() : null);
  }
}
