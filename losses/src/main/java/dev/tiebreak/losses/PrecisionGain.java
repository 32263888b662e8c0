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
  private final dev.tiebreak.tensor.Scope kept;
  private Tensor running; // (2): mean and variance; null before the first batch
  private double[] restored = new double[2]; // what they begin with
  private long seen; // micro-batches in the running averages

  PrecisionGain(Settings settings, dev.tiebreak.tensor.Scope kept) {
    this.settings = settings;
    this.kept = kept;
  }

  @Override
  public ShapedLoss shape(Tensor losses, Tensor targets, long step) {
    Tokens tokens = Tokens.of(losses, targets);
    double s = strengthAt(step);
    Tensor l = losses.detach(); // (B, T)
    Tensor mean = tokens.mean(l);
    Tensor variance = tokens.variance(l, mean);
    if (settings.scope == Scope.RUNNING) {
      double keep = Math.min(RUNNING_MOMENTUM, seen / (seen + 1.0)); // a plain mean at first
      mean = average(0, mean, keep);
      variance = average(1, variance, keep);
      seen++;
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
    Tensor divisible = Select.positive(mean);
    return Select.orOne(divisible, clamped.div(Select.orOne(divisible, mean)));
  }

  /** s after warm-up. */
  double strengthAt(long step) {
    return settings.strength * Math.min(1.0, (step + 1) / (settings.warmup + 1.0));
  }

  /** Takes a number of the micro-batch into its running average and returns that. */
  private Tensor average(int index, Tensor now, double keep) {
    if (running == null) {
      running = kept.zeros(now.dtype(), restored.length);
      for (int i = 0; i < restored.length; i++) {
        running.set(i, restored[i]);
      }
    }
    Tensor slot = running.slice(0, index, 1);
    Tensor average = slot.scale(keep).add(now.scale(1 - keep));
    slot.copyFrom(average);
    return average.reshape();
  }

  /** Waits for the running statistics. */
  @Override
  public double[] state() {
    double[] statistics = running == null ? restored : running.toDoubles();
    return new double[] {statistics[0], statistics[1], seen};
  }

  @Override
  public void restore(double[] state) {
    if (state.length != 3) {
      throw new IllegalArgumentException(
          "the precision gain's state is mean, variance, count; got " + state.length + " numbers");
    }
    restored = new double[] {state[0], state[1]};
    running = null;
    seen = (long) state[2];
  }
}
