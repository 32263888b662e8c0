package dev.tiebreak.losses;

import dev.tiebreak.tensor.Tensor;

/**
 * The precision gain w = 1 + s (l - m) / (max(v, floor) + eps), detached, then clamped, then
 * divided by its mean. The mathematics is in the package's description.
 */
public final class PrecisionGain implements TokenGain {
  private static final double RUNNING_MOMENTUM = 0.99;
  private static final double SMALLEST_VARIANCE = 1e-30; // equal losses weigh 1, not 0 / 0

  /** Where m and v come from. */
  public enum Scope {
    /** The micro-batch at hand: mean(w) is exactly 1 before clamping. */
    MICRO,
    /** An exponential average of the micro-batches so far: mean(w) is only about 1. */
    RUNNING
  }

  /**
   * The constants.
   *
   * @param strength s in nats; negative values favour easy tokens
   * @param warmup steps over which s grows from s / (warmup + 1) to s
   * @param varianceFloor the least v that is divided by, in square nats
   * @param epsilon added to v, in square nats
   * @param clampLow the least weight; -infinity for none
   * @param clampHigh the largest weight; infinity for none
   * @param renormalise whether weights are divided by their mean after the clamp; where that is not
   *     positive, all are 1
   * @param scope where m and v come from
   */
  public record Settings(
      double strength,
      long warmup,
      double varianceFloor,
      double epsilon,
      double clampLow,
      double clampHigh,
      boolean renormalise,
      Scope scope) {
    /** Checks the ranges. */
    public Settings {
      check(Double.isFinite(strength), "strength is %s, must be finite", strength);
      check(warmup >= 0, "warmup is %d, must not be negative", warmup);
      check(varianceFloor >= 0, "variance floor is %s, must not be negative", varianceFloor);
      check(epsilon >= 0, "epsilon is %s, must not be negative", epsilon);
      check(clampLow < clampHigh, "clamp [%s, %s] is empty", clampLow, clampHigh);
      check(clampHigh > 0, "clamp's upper end is %s, must be positive", clampHigh);
    }

    private static void check(boolean condition, String format, Object... args) {
      if (!condition) {
        throw new IllegalArgumentException(format.formatted(args));
      }
    }

    /** The pure formula: this strength, micro-batch statistics, no warm-up, floor, eps or clamp. */
    public static Settings pure(double strength) {
      double inf = Double.POSITIVE_INFINITY;
      return new Settings(strength, 0, 0, 0, -inf, inf, false, Scope.MICRO);
    }

    private boolean clamps() {
      return clampLow > Double.NEGATIVE_INFINITY || clampHigh < Double.POSITIVE_INFINITY;
    }
  }

  private final Settings settings;
  private double runningMean;
  private double runningVariance;
  private long seen; // micro-batches in the running averages

  PrecisionGain(Settings settings) {
    this.settings = settings;
  }

  @Override
  public ShapedLoss shape(Tensor losses, Tensor targets, long step) {
    Tokens tokens = Tokens.of(losses, targets);
    double s = strengthAt(step);
    Tensor l = losses.detach(); // (B, T)
    Tensor mean = tokens.mean(l);
    Tensor variance = tokens.variance(l, mean);
    if (settings.scope == Scope.RUNNING) {
      average(mean, variance);
    }
    double floor = Math.max(settings.varianceFloor, SMALLEST_VARIANCE);
    Tensor spread = variance.clamp(floor, Double.MAX_VALUE).shift(settings.epsilon);
    Tensor unclamped = l.sub(mean).div(spread).scale(s).shift(1); // (B, T)
    Tensor clamped =
        settings.clamps() ? unclamped.clamp(settings.clampLow, settings.clampHigh) : unclamped;
    Tensor weights = settings.renormalise ? renormalised(clamped, tokens.mean(clamped)) : clamped;
    Tensor shaped = tokens.mean(losses.mul(weights));
    Tensor plain = tokens.mean(l);
    return new ShapedLoss(shaped, plain, weights, unclamped, clamped, tokens.mask(), s);
  }

  /**
   * Weights of mean 1. Running statistics lag behind a loss that falls fast: all tokens may then
   * look so easy that no weight is left to divide by, and every token weighs 1.
   */
  private static Tensor renormalised(Tensor clamped, Tensor mean) {
    return mean.item() <= 0 ? clamped.scale(0).shift(1) : clamped.div(mean);
  }

  /** s after warm-up. */
  double strengthAt(long step) {
    return settings.strength * Math.min(1.0, (step + 1) / (settings.warmup + 1.0));
  }

  /** Takes the micro-batch into the running statistics and replaces its own by them. */
  private void average(Tensor mean, Tensor variance) {
    double keep = Math.min(RUNNING_MOMENTUM, seen / (seen + 1.0)); // a plain mean at first
    runningMean = keep * runningMean + (1 - keep) * mean.item();
    runningVariance = keep * runningVariance + (1 - keep) * variance.item();
    seen++;
    mean.set(0, runningMean);
    variance.set(0, runningVariance);
  }

  @Override
  public double[] state() {
    return new double[] {runningMean, runningVariance, seen};
  }

  @Override
  public void restore(double[] state) {
    if (state.length != 3) {
      throw new IllegalArgumentException(
          "the precision gain's state is mean, variance, count; got " + state.length + " numbers");
    }
    runningMean = state[0];
    runningVariance = state[1];
    seen = (long) state[2];
  }
}
