package dev.tiebreak.nn;

/** The learning rate as a function of the step, which counts from 0. */
@FunctionalInterface
public interface LrSchedule {
  /** The learning rate of step {@code step}. */
  double at(long step);

  /** Warm-up, then constant. */
  static LrSchedule constant(double peak, long warmup) {
    return step -> warmUp(peak, warmup, step);
  }

  /**
   * Warm-up, then half a cosine from {@code peak} to {@code floor} at step {@code total}
   * (Loshchilov and Hutter, "SGDR", 2017); {@code floor} afterwards.
   */
  static LrSchedule cosine(double peak, double floor, long warmup, long total) {
    return step -> {
      if (step < warmup) {
        return warmUp(peak, warmup, step);
      }
      double progress =
          Math.clamp((step - warmup) / (double) Math.max(1, total - warmup), 0.0, 1.0);
      return floor + (peak - floor) * 0.5 * (1 + Math.cos(Math.PI * progress));
    };
  }

  /**
   * Warm-up, stable, then linear decay to {@code floor} over the last {@code decayFraction} of
   * {@code total} steps (Hu et al., "MiniCPM", 2024).
   */
  static LrSchedule warmupStableDecay(
      double peak, double floor, long warmup, long total, double decayFraction) {
    long decayStart = Math.max(warmup, Math.round(total * (1 - decayFraction)));
    return step -> {
      if (step < decayStart) {
        return warmUp(peak, warmup, step);
      }
      double progress =
          Math.clamp((step - decayStart) / (double) Math.max(1, total - decayStart), 0.0, 1.0);
      return peak + (floor - peak) * progress;
    };
  }

  /** Linear from peak / (warmup + 1) at step 0 to just below {@code peak}, then {@code peak}. */
  private static double warmUp(double peak, long warmup, long step) {
    return step < warmup ? peak * (step + 1) / (warmup + 1) : peak;
  }
}
