package dev.tiebreak.nn;

import dev.tiebreak.tensor.Rotation;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.tensor.attention.Attention;
import dev.tiebreak.tensor.attention.KvCache;

/**
 * Causal self-attention: one product for queries, keys and values, rotation of queries and keys if
 * the model has it, attention, output product.
 *
 * @param qkv ((H + 2 KV) D, C)
 * @param out (C, H D)
 * @param rotation shared tables, or null with learned positions
 */
record SelfAttention(Linear qkv, Linear out, Rotation rotation, int heads, int kvHeads) {
  static SelfAttention of(Initializer init, String name, GptConfig config, Rotation rotation) {
    int c = config.channels();
    return new SelfAttention(
        Linear.of(init, name + ".qkv", config.qkvWidth(), c, config.bias()),
        Linear.residual(init, name + ".out", c, c, config.bias()),
        rotation,
        config.heads(),
        config.kvHeads());
  }

  /** Attends within x, or after the positions of {@code cache} if it is not null. */
  Tensor forward(Tensor x, KvCache cache) { // (B, T, C) -> (B, T, C)
    Tensor packed = qkv.forward(x); // (B, T, (H + 2 KV) D)
    if (rotation != null) {
      int position = cache == null ? 0 : cache.length();
      packed = packed.ropeInPlace(rotation, heads + kvHeads, position);
    }
    Tensor mixed =
        cache == null
            ? Attention.causal(packed, heads, kvHeads)
            : Attention.cached(packed, heads, kvHeads, cache); // (B, T, H D)
    return out.forward(mixed);
  }
}
