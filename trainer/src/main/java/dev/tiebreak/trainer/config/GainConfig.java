package dev.tiebreak.trainer.config;

import dev.tiebreak.losses.PrecisionGain;
import dev.tiebreak.losses.TokenGain;
import dev.tiebreak.tensor.Scope;
import java.util.List;

/**
 * {@code [gain]}: the weight of each token in the training loss. With l the loss of a token in
 * nats, m and v mean and variance of l: w = 1 + s (l - m) / (v + epsilon), not differentiated
 * through.
 *
 * @param kind whether there is a gain, and which
 * @param s strength, in nats
 * @param warmup steps in which s rises linearly
 * @param floor the smallest variance v that is divided by, in nats squared
 * @param clamp the smallest and the largest w, or empty for no limits
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
    PrecisionGain.Scope scope,
    double epsilon) {

  /** The token gains there are. */
  public enum Kind {
    /** Every token weighs 1. */
    NONE,
    /** The formula above. */
    PRECISION
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
        "two numbers, the smaller first and the larger above 0, or []" + " for no limits");
    Check.notNegative("gain.epsilon", epsilon);
  }

  /** The gain itself, with fresh running averages in {@code kept}. */
  public TokenGain tokenGain(Scope kept) {
    return switch (kind) {
      case NONE -> TokenGain.none();
      case PRECISION -> TokenGain.precision(settings(), kept);
    };
  }

  private PrecisionGain.Settings settings() {
    double low = clamp.isEmpty() ? Double.NEGATIVE_INFINITY : clamp.getFirst();
    double high = clamp.isEmpty() ? Double.POSITIVE_INFINITY : clamp.getLast();
    return new PrecisionGain.Settings(s, warmup, floor, epsilon, low, high, renormalise, scope);
  }
}
