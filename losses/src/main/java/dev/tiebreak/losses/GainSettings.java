package dev.tiebreak.losses;

import java.util.Locale;

/**
 * The constants of a token gain.
 *
 * @param strength s, whose meaning and range depend on the {@link Weighting}
 * @param warmup steps over which s grows from s / (warmup + 1) to s, where s = 0 means no gain
 * @param varianceFloor the least v that is divided by, in square nats
 * @param epsilon added to v, in square nats, or to its root, in nats
 * @param clampLow the least weight; -infinity for none
 * @param clampHigh the largest weight; infinity for none
 * @param renormalise whether weights are divided by their mean after the clamp; where that is not
 *     positive, all are 1
 * @param scope where m and v come from
 */
public record GainSettings(
    double strength,
    long warmup,
    double varianceFloor,
    double epsilon,
    double clampLow,
    double clampHigh,
    boolean renormalise,
    Scope scope) {

  /** Where the mean m and the variance v of the losses come from. */
  public enum Scope {
    /** The micro-batch at hand: the weights of a centred gain have mean exactly 1. */
    MICRO,
    /** An exponential average of the micro-batches so far: their mean is only about 1. */
    RUNNING
  }

  /** Checks the ranges. */
  public GainSettings {
    check(Double.isFinite(strength), "strength is %s, must be finite", strength);
    check(warmup >= 0, "warmup is %d, must not be negative", warmup);
    check(varianceFloor >= 0, "variance floor is %s, must not be negative", varianceFloor);
    check(epsilon >= 0, "epsilon is %s, must not be negative", epsilon);
    check(clampLow < clampHigh, "clamp [%s, %s] is empty", clampLow, clampHigh);
    check(clampHigh > 0, "clamp's upper end is %s, must be positive", clampHigh);
  }

  private static void check(boolean condition, String format, Object... args) {
    if (!condition) {
      throw new IllegalArgumentException(String.format(Locale.ROOT, format, args));
    }
  }

  /** The pure formula: this strength, micro-batch statistics, no warm-up, floor, eps or clamp. */
  public static GainSettings pure(double strength) {
    double inf = Double.POSITIVE_INFINITY;
    return new GainSettings(strength, 0, 0, 0, -inf, inf, false, Scope.MICRO);
  }

  boolean clamps() {
    return clampLow > Double.NEGATIVE_INFINITY || clampHigh < Double.POSITIVE_INFINITY;
  }

  /** s in this step of the warm-up. */
  double strengthAt(long step) {
    return strength * Math.min(1.0, (step + 1) / (warmup + 1.0));
  }
}
