package dev.tiebreak.losses;

import dev.tiebreak.tensor.Philox;
import dev.tiebreak.tensor.Tensor;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Functions of where a token stands among the others, of one micro-batch. The host sorts, which
 * waits for the numbers, and draws, which does not.
 */
final class TokenOrder {
  private static final long DRAWS = 1L << 32; // numbers of a micro-batch: more than it has tokens

  private final Tokens tokens;
  private final Philox random;

  /**
   * @param random decides the order of shuffled values
   */
  TokenOrder(Tokens tokens, Philox random) {
    this.tokens = tokens;
    this.random = random;
  }

  /**
   * Places of the counted tokens, by x from the largest on; of equal ones the first comes first.
   */
  private int[] falling(double[] x) {
    return Arrays.stream(tokens.places())
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> x[i]).reversed()) // keeps order
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** 1 for this share of the counted tokens, at least one, those of largest x; else 0. */
  Tensor top(Tensor x, double share) {
    double[] values = x.toDoubles();
    int[] places = falling(values);
    int most = Math.max(1, (int) Math.round(share * places.length));
    double[] chosen = new double[values.length];
    Arrays.stream(places).limit(most).forEach(place -> chosen[place] = 1);
    return Tokens.upload(chosen, x);
  }

  /** From 1 for the counted token of largest x to 0 for that of the smallest; 0 for others. */
  Tensor rank(Tensor x) {
    double[] values = x.toDoubles();
    int[] places = falling(values);
    double[] ranks = new double[values.length];
    for (int i = 0; i < places.length; i++) {
      ranks[places[i]] = 1 - i / Math.max(1.0, places.length - 1);
    }
    return Tokens.upload(ranks, x);
  }

  /** x dealt to the counted tokens at random: the order depends on seed and micro-batch only. */
  Tensor shuffle(Tensor x, long microBatch) {
    int[] from = deal(tokens.places(), Math.toIntExact(x.size()), microBatch);
    Tensor places = x.backend().tape().scope().of(from, from.length);
    return x.reshape(-1, 1).embedding(places).reshape(x.shape().toArray());
  }

  /** For each of n places where its value comes from, by Fisher and Yates' shuffle. */
  private int[] deal(int[] counted, int n, long microBatch) {
    int[] from = new int[n];
    for (int i = 0; i < n; i++) {
      from[i] = i;
    }
    for (int i = counted.length - 1; i > 0; i--) {
      int other = counted[random.below(microBatch * DRAWS + i, i + 1)];
      int saved = from[counted[i]];
      from[counted[i]] = from[other];
      from[other] = saved;
    }
    return from;
  }
}
