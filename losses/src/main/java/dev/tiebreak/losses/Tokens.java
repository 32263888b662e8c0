package dev.tiebreak.losses;

import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.tensor.op.CrossEntropy;

/**
 * Means over the tokens that count.
 *
 * @param mask 1 or 0 per token (B, T); null if every token counts
 * @param count how many count
 */
record Tokens(Tensor mask, long count) {
  static Tokens of(Tensor losses, Tensor targets) {
    long counted = 0;
    for (long i = 0; i < targets.size(); i++) {
      counted += targets.getInt(i) == CrossEntropy.IGNORE ? 0 : 1;
    }
    if (counted == 0) {
      throw new IllegalArgumentException("every target is ignored: there is no loss to shape");
    }
    if (counted == targets.size()) {
      return new Tokens(null, counted);
    }
    float[] counts = new float[Math.toIntExact(targets.size())];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = targets.getInt(i) == CrossEntropy.IGNORE ? 0 : 1;
    }
    Tensor mask = losses.like();
    mask.copyFrom(mask.scope().of(counts, losses.shape().toArray()));
    return new Tokens(mask, counted);
  }

  /** The mean of x (B, T): a scalar. */
  Tensor mean(Tensor x) {
    return mask == null ? x.mean() : x.mul(mask).sum().scale(1.0 / count);
  }

  /** The population variance of x (B, T) around its mean: a scalar. */
  Tensor variance(Tensor x, Tensor mean) {
    return mask == null ? x.variance() : mean(x.sub(mean).power(2));
  }
}
