package dev.tiebreak.losses;

import dev.tiebreak.tensor.Philox;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tensor;

/**
 * A placebo: exactly the weights of another gain, but dealt to the counted tokens at random, so
 * they say nothing about them. The order depends on the seed and the number of the micro-batch
 * only. The host draws it; the weights stay where they are.
 */
final class ShuffledGain implements TokenGain {
  private static final long DRAWS = 1L << 32; // numbers of a micro-batch: more than it has tokens

  private final WeightGain gain;
  private final Philox random;

  ShuffledGain(WeightGain gain, long seed) {
    this.gain = gain;
    this.random = new Philox(seed, Philox.PLACEBO);
  }

  @Override
  public void prepare(Tensor inputs, Tensor targets, Scope step) {
    gain.prepare(inputs, targets, step);
  }

  @Override
  public ShapedLoss shape(Prediction prediction) {
    ShapedLoss shaped = gain.shape(prediction);
    Tokens tokens = Tokens.of(prediction.losses(), prediction.targets());
    int[] dims = shaped.weights().shape().toArray();
    int[] from = order(tokens.places(), (int) shaped.weights().size(), prediction.microBatch());
    Tensor places = shaped.weights().backend().tape().scope().of(from, from.length);
    Tensor weights = shaped.weights().reshape(-1, 1).embedding(places).reshape(dims);
    return shaped.with(weights, tokens.mean(prediction.losses().mul(weights)));
  }

  /** For each of n places where its weight comes from, by Fisher and Yates' shuffle. */
  private int[] order(int[] counted, int n, long microBatch) {
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

  @Override
  public double[] state() {
    return gain.state();
  }

  @Override
  public void restore(double[] state) {
    gain.restore(state);
  }
}
