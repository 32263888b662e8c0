package dev.tiebreak.losses;

import dev.tiebreak.tensor.CrossEntropy;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tensor;
import java.util.stream.IntStream;

/**
 * Means over the tokens that count.
 *
 * @param mask 1 or 0 per token (B, T); null if every token counts
 * @param places where those that count are, in order
 */
record Tokens(Tensor mask, int[] places) {
  static Tokens of(Tensor losses, Tensor targets) {
    int size = Math.toIntExact(targets.size());
    int[] places =
        IntStream.range(0, size).filter(i -> targets.getInt(i) != CrossEntropy.IGNORE).toArray();
    if (places.length == 0) {
      throw new IllegalArgumentException("every target is ignored: there is no loss to shape");
    }
    return of(losses, places);
  }

  /** Those at these places of the losses. */
  static Tokens of(Tensor losses, int[] places) {
    int size = Math.toIntExact(losses.size());
    if (places.length == size) {
      return new Tokens(null, places);
    }
    double[] counts = new double[size];
    for (int place : places) {
      counts[place] = 1;
    }
    return new Tokens(upload(counts, losses), places);
  }

  /** A tensor of these values, like another one. */
  static Tensor upload(double[] values, Tensor like) {
    Scope scope = like.backend().tape().scope();
    return scope.of(like.dtype(), values, like.shape().toArray());
  }

  /** How many count. */
  long count() {
    return places.length;
  }

  /** The mean of x (B, T): a scalar. */
  Tensor mean(Tensor x) {
    return mask == null ? x.mean() : x.mul(mask).sum().scale(1.0 / count());
  }

  /** The population variance of x (B, T) around its mean: a scalar. */
  Tensor variance(Tensor x, Tensor mean) {
    return mask == null ? x.variance() : mean(x.sub(mean).power(2));
  }

  /**
   * Weights (B, T) over their mean. Running statistics lag behind a loss that falls fast: all
   * tokens may then look so easy that no weight is left to divide by, and every token weighs 1.
   */
  Tensor meanOne(Tensor weights) {
    Tensor mean = mean(weights);
    Tensor divisible = Select.positive(mean);
    return Select.orOne(divisible, weights.div(Select.orOne(divisible, mean)));
  }
}
