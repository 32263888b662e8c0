package dev.tiebreak.trainer.study.results;

import java.util.OptionalLong;

/**
 * When twins part: they begin with the same weights and see the same data, but what differs between
 * them, be it the last bit of a gradient, grows. "The same seed" then means equal beginnings, not
 * equal ways.
 */
final class Parting {
  /** Relative differences of the training loss whose first step is looked for. */
  static final double[] LIMITS = {0, 0.001, 0.01};

  private Parting() {}

  /** The first step that both logged at which |a - b| / |b| is above the limit. */
  static OptionalLong step(RunResult run, RunResult twin, double limit) {
    Series a = run.metrics().step("loss");
    Series b = twin.metrics().step("loss");
    for (int i = 0; i < a.size(); i++) {
      double other = b.at(a.step(i));
      if (Math.abs(a.value(i) - other) > limit * Math.abs(other)) {
        return OptionalLong.of(a.step(i));
      }
    }
    return OptionalLong.empty();
  }
}
