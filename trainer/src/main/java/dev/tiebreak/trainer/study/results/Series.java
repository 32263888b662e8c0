package dev.tiebreak.trainer.study.results;

import it.unimi.dsi.fastutil.doubles.DoubleArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.util.Arrays;

/** One quantity over the steps of a training, as far as it was logged; steps rise. */
public final class Series {
  private final LongArrayList steps = new LongArrayList();
  private final DoubleArrayList values = new DoubleArrayList();

  Series() {}

  void add(long step, double value) {
    steps.add(step);
    values.add(value);
  }

  /** How many values there are. */
  public int size() {
    return steps.size();
  }

  /** The step of the i-th value. */
  public long step(int i) {
    return steps.getLong(i);
  }

  /** The i-th value; NaN where the log has none. */
  public double value(int i) {
    return values.getDouble(i);
  }

  /** The value at a step, or NaN. */
  public double at(long step) {
    int i = Arrays.binarySearch(steps.elements(), 0, steps.size(), step);
    return i < 0 ? Double.NaN : values.getDouble(i);
  }

  /** The mean of the last half of the steps, those that are finite; NaN if there are none. */
  public double lateMean() {
    double middle = size() == 0 ? 0 : step(size() - 1) / 2.0;
    double sum = 0;
    int n = 0;
    for (int i = 0; i < size(); i++) {
      if (step(i) > middle && Double.isFinite(value(i))) {
        sum += value(i);
        n++;
      }
    }
    return n == 0 ? Double.NaN : sum / n;
  }
}
