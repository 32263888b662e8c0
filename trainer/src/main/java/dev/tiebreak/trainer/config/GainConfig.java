package dev.tiebreak.trainer.config;

import java.util.List;

/**
 * {@code [gain]}: the weight of each token in the training loss. With l the loss of a token in
 * nats, m and v mean and variance of l: w = 1 + s (l - m) / (v + epsilon), not differentiated
 * through.
 *
 * @param kind whether there is a gain, and which
 * @param s strength, in nats
 * @param warmup steps in which s rises linearly from 0
 * @param floor the smallest variance v that is divided by, in nats squared
 * @param clamp smallest and largest w, or empty for no limits
 * @param renormalise whether the weights are divided by their mean after the clamp
 * @param scope over which tokens m and v are taken
 * @param epsilon added to v
 */
public record GainConfig(
    Kind kind,
    double s,
    int warmup,
    double floor,
    List<Double> clamp,
    boolean renormalise,
    Scope scope,
    double epsilon) {

  /** The token gains there are. */
  public enum Kind {
    /** Every token weighs 1. */
    NONE,
    /** The formula above. */
    PRECISION
  }

  /** Over which tokens mean and variance are taken. */
  public enum Scope {
    /** The tokens of one micro-batch: the mean weight is exactly 1. */
    MICRO,
    /** A running average over steps. */
    RUNNING
  }

  /** Checks every value. */
  public GainConfig {
    clamp = List.copyOf(clamp);
    Check.that(Double.isFinite(s), "gain.s", s, "a number");
    Check.atLeast(0, "gain.warmup", warmup);
    Check.notNegative("gain.floor", floor);
    Check.that(
        clamp.isEmpty() || clamp.size() == 2 && clamp.get(0) < clamp.get(1) && clamp.get(1) > 0,
        "gain.clamp",
        clamp,
        "two numbers, the smaller first and the larger above 0, or [] for no limits");
    Check.notNegative("gain.epsilon", epsilon);
    Check.that(floor + epsilon > 0, "gain.epsilon", epsilon, "above 0 where gain.floor is 0");
  }

  /** The same numbers with another kind. */
  public GainConfig withKind(Kind other) {
    return new GainConfig(other, s, warmup, floor, clamp, renormalise, scope, epsilon);
  }
}
