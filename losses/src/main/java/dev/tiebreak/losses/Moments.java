package dev.tiebreak.losses;

import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tensor;

/** Mean and variance of the losses: of the micro-batch at hand, or averaged over those so far. */
final class Moments {
  private static final double RUNNING_MOMENTUM = 0.99;

  private final boolean averaged;
  private final Scope kept;
  private Tensor running; // (2): mean and variance; null before the first batch
  private double[] restored = new double[2]; // what they begin with
  private long seen; // micro-batches in the running averages

  Moments(GainSettings.Window window, Scope kept) {
    this.averaged = window == GainSettings.Window.RUNNING;
    this.kept = kept;
  }

  /** Two scalars. */
  record Pair(Tensor mean, Tensor variance) {}

  /** Takes in a micro-batch's mean and variance, scalars; once for each. */
  Pair of(Tensor mean, Tensor variance) {
    if (!averaged) {
      return new Pair(mean, variance);
    }
    double keep = Math.min(RUNNING_MOMENTUM, seen / (seen + 1.0)); // a plain mean at first
    seen++;
    return new Pair(average(0, mean, keep), average(1, variance, keep));
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
  double[] state() {
    double[] statistics = running == null ? restored : running.toDoubles();
    return new double[] {statistics[0], statistics[1], seen};
  }

  void restore(double[] state) {
    if (state.length != 3) {
      throw new IllegalArgumentException(
          "a token gain's state is mean, variance, count; got " + state.length + " numbers");
    }
    restored = new double[] {state[0], state[1]};
    running = null;
    seen = (long) state[2];
  }
}
