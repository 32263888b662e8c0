package dev.tiebreak.losses;

import dev.tiebreak.tensor.Tensor;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoublePredicate;

/**
 * The weights w of the tokens of a micro-batch: one formula each. l is a token's loss in nats, p =
 * e^-l the probability of its target; m, v and sigma = sqrt(v) are mean, population variance and
 * standard deviation of l; s is the strength. v stands for max(v, floor), as set. What happens to w
 * afterwards (clamp, renormalisation) is the same for all: {@link WeightGain}.
 */
public enum Weighting {
  /**
   * w = 1 + s (l - m) / (v + eps), s in nats: the gain under study, from the published experiment.
   * mean(w) = 1 and mean(w l) = m + s; the gradient is that of m + (s / 2) log v.
   */
  PRECISION(Range.ANY, true, (s, v) -> s, (b, s) -> b.centred().div(b.spread()).scale(s).shift(1)),

  /**
   * w = 1 + s (l - m) / (sigma + eps), s without a unit: the same for losses on any scale. mean(w)
   * = 1 and mean(w l) = m + s sigma, of which this is the gradient. Ours.
   */
  Z(Range.ANY, true, (s, v) -> s * Math.sqrt(v), (b, s) -> b.standardised().scale(s).shift(1)),

  /**
   * w = 1 + s (l - m), s per nat: {@link #TERM} to first order (Li et al., arXiv:2109.06141).
   * mean(w) = 1 and mean(w l) = m + s v; the gradient is that of m + (s / 2) v.
   */
  LINEAR(Range.ANY, true, (s, v) -> s * v, (b, s) -> b.centred().scale(s).shift(1)),

  /**
   * w = e^(s l) / mean(e^(s l)), s per nat: tilted empirical risk minimisation (Li et al.,
   * arXiv:2007.01162). The gradient is that of (1 / s) log mean(e^(s l)).
   */
  TERM(Range.ANY, true, null, (b, s) -> b.softmax(b.l().scale(s))),

  /**
   * w = l^s / mean(l^s), s without a unit: the loss itself as a weight, tempered. Worked out from l
   * / m, so that no power is too large. Ours.
   */
  POWER(
      Range.NOT_NEGATIVE,
      true,
      null,
      (b, s) -> b.meanOne(b.meanOne(b.l().clamp(0, Double.MAX_VALUE)).power(s))),

  /**
   * w = 2 / (1 + e^(-s (l - m) / (sigma + eps))), s without a unit: bounded by 0 and 2, of a mean
   * that drifts. Reported to degenerate by the published experiment, which gives no formula.
   */
  SIGMOID(
      Range.ANY,
      true,
      null,
      (b, s) -> b.standardised().scale(-s).exp().shift(1).power(-1).scale(2)),

  /**
   * w = (1 - p)^s, s without a unit: the focal loss (Lin et al., arXiv:1708.02002, equation 4,
   * where s is gamma). Its mean is below 1. Here a constant, or with its full gradient.
   */
  FOCAL(
      Range.NOT_NEGATIVE,
      true,
      null,
      (b, s) -> b.p().scale(-1).shift(1).clamp(Batch.LEAST_DOUBT, 1).power(s)),

  /**
   * w = (1 + H)^s for the entropy H of the predicted distribution in nats, s without a unit: MiLe
   * loss (Su et al., arXiv:2310.19531, where s is gamma = 1), to be renormalised.
   */
  MILE(Range.ANY, true, null, (b, s) -> b.entropy().shift(1).power(s)),

  /**
   * w = 1 + s (l - H) / (V + eps), s in nats, where the prediction itself says how much surprise to
   * expect: its entropy H, and V = max(variance of -log q under q, floor). Ours.
   */
  EXCESS_SURPRISAL(
      Range.ANY,
      true,
      null,
      (b, s) -> b.l().sub(b.entropy()).div(b.spread(b.surprisalVariance())).scale(s).shift(1)),

  /**
   * w = p, without s: dynamic fine-tuning (Wu et al., arXiv:2508.05629). The opposite sign: what
   * surprises counts less.
   */
  DFT(Range.ANY, false, null, (b, s) -> b.p()),

  /**
   * w = n / k for the k tokens of largest l and 0 for the others, k = s n rounded and at least 1, s
   * a share: online hard example mining (Shrivastava et al., arXiv:1604.03540).
   */
  TOP_K(Range.SHARE, false, null, (b, s) -> b.top(b.l(), s)),

  /** w = s for every token: what Adam divides out again, but for the clip and its eps. Ours. */
  CONSTANT(Range.POSITIVE, false, null, (b, s) -> b.l().scale(0).shift(s)),

  /**
   * {@link #TOP_K} by l - r, where r is the token's loss under a reference model: Rho-1's selective
   * language modelling (Lin et al., arXiv:2404.07965).
   */
  RHO(Range.SHARE, false, null, (b, s) -> b.top(b.l().sub(b.reference()), s));

  /** Which strengths there can be. */
  public enum Range {
    /** Any finite number. */
    ANY("a number", s -> true),
    /** From zero on. */
    NOT_NEGATIVE("a number, 0 or more", s -> s >= 0),
    /** Above zero. */
    POSITIVE("a number above 0", s -> s > 0),
    /** Of the tokens. */
    SHARE("a number above 0 and at most 1", s -> s > 0 && s <= 1);

    private final String words;
    private final DoublePredicate contains;

    Range(String words, DoublePredicate contains) {
      this.words = words;
      this.contains = contains;
    }

    /** Whether this strength is one. */
    public boolean contains(double strength) {
      return Double.isFinite(strength) && contains.test(strength);
    }

    /** What is in it, in words. */
    @Override
    public String toString() {
      return words;
    }
  }

  @FunctionalInterface
  private interface Formula {
    Tensor weights(Batch batch, double strength);
  }

  private final Range range;
  private final boolean warmsUp;
  private final DoubleBinaryOperator excess;
  private final Formula formula;

  Weighting(Range range, boolean warmsUp, DoubleBinaryOperator excess, Formula formula) {
    this.range = range;
    this.warmsUp = warmsUp;
    this.excess = excess;
    this.formula = formula;
  }

  /** Which strengths there can be. */
  public Range range() {
    return range;
  }

  /** Whether s = 0 means no gain, so that s can grow from there. */
  public boolean warmsUp() {
    return warmsUp;
  }

  /** mean(w l) - m of the pure formula as a function of s and v; null if it is none. */
  DoubleBinaryOperator excess() {
    return excess;
  }

  /** w (B, T), before the clamp; anything finite where the target is ignored. */
  Tensor weights(Batch batch, double strength) {
    return formula.weights(batch, strength);
  }
}
