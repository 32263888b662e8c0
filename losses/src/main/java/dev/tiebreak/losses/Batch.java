package dev.tiebreak.losses;

import dev.tiebreak.tensor.Tensor;
import java.util.Arrays;
import java.util.Comparator;

/** What the formula of a {@link Weighting} may use, each worked out when it is asked for. */
final class Batch {
  /** The least 1 - p: its powers have finite slopes. float32 has no number between it and 0. */
  static final double LEAST_DOUBT = 1e-12;

  private static final double SMALLEST_VARIANCE = 1e-30; // equal losses weigh 1, not 0 / 0
  private static final double NOTHING = 1e30; // what e^ of its negative is

  private final Tensor l;
  private final Tensor logits;
  private final Tensor reference;
  private final Tokens tokens;
  private final GainSettings settings;
  private final Moments source;
  private Moments.Pair moments; // null until they are asked for

  /**
   * @param l losses (B, T), detached if the weights are to be constants
   * @param reference losses of a reference model (B, T); null if there is none
   */
  Batch(
      Tensor l,
      Prediction prediction,
      Tensor reference,
      Tokens tokens,
      GainSettings settings,
      Moments source) {
    this.l = l;
    this.logits = prediction.logits();
    this.reference = reference;
    this.tokens = tokens;
    this.settings = settings;
    this.source = source;
  }

  Tensor l() { // (B, T)
    return l;
  }

  /** e^-l (B, T). */
  Tensor p() {
    return l.scale(-1).exp();
  }

  Tensor reference() { // (B, T)
    return reference;
  }

  /** x over its mean; 1 for every token if that is 0 (B, T). */
  Tensor meanOne(Tensor x) {
    return tokens.meanOne(x);
  }

  private Moments.Pair moments() {
    if (moments == null) {
      moments = source.of(l.detach(), tokens);
    }
    return moments;
  }

  /** l - m (B, T). */
  Tensor centred() {
    return l.sub(moments().mean());
  }

  private Tensor floored(Tensor variance) {
    double floor = Math.max(settings.varianceFloor(), SMALLEST_VARIANCE);
    return variance.clamp(floor, Double.MAX_VALUE);
  }

  /** max(v, floor) + eps, a scalar. */
  Tensor spread() {
    return spread(moments().variance());
  }

  /** max(variance, floor) + eps, of variance's shape. */
  Tensor spread(Tensor variance) {
    return floored(variance).shift(settings.epsilon());
  }

  /** (l - m) / (sigma + eps) (B, T). */
  Tensor standardised() {
    return centred().div(floored(moments().variance()).power(0.5).shift(settings.epsilon()));
  }

  /** The entropy of each prediction in nats (B, T). */
  Tensor entropy() {
    return logits.detach().entropy();
  }

  /** The variance of -log q under each prediction q, in square nats (B, T). */
  Tensor surprisalVariance() {
    return logits.detach().surprisalVariance();
  }

  /** e^x / mean(e^x) over the counted tokens, 0 for the others (B, T); safe for any x. */
  Tensor softmax(Tensor x) {
    Tensor counted = tokens.mask() == null ? x : x.add(tokens.mask().shift(-1).scale(NOTHING));
    int[] dims = x.shape().toArray();
    return counted.reshape(-1).softmax().scale(tokens.count()).reshape(dims);
  }

  /**
   * n / k for the k counted tokens of largest x, 0 for the others (B, T), where k is {@code share}
   * of n. Of equal ones the first are taken, so there are exactly k. The host sorts: this waits.
   */
  Tensor top(Tensor x, double share) {
    double[] values = x.toDoubles();
    int n = Math.toIntExact(tokens.count());
    int k = Math.max(1, (int) Math.round(share * n));
    double[] weights = new double[values.length];
    Arrays.stream(tokens.places())
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> values[i]).reversed()) // keeps order
        .limit(k)
        .forEach(i -> weights[i] = (double) n / k);
    return Tokens.upload(weights, x);
  }
}
