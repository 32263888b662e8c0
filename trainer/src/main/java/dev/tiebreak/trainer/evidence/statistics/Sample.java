package dev.tiebreak.trainer.evidence.statistics;

import dev.tiebreak.trainer.base.Words;

/**
 * Size, mean and spread of some values.
 *
 * @param sd their standard deviation, with n - 1; NaN for a single value
 */
public record Sample(int n, double mean, double sd) {
  /**
   * Describes values. Equal values have the deviation 0 exactly.
   *
   * @throws IllegalArgumentException if there is none, or one is not finite
   */
  public static Sample of(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("there are no values");
    }
    double shift = values[0]; // so that equal values leave no rounding error
    double sum = 0;
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("a value is " + value);
      }
      sum += value - shift;
    }
    double mean = shift + sum / values.length;
    if (values.length == 1) {
      return new Sample(1, mean, Double.NaN);
    }
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    return new Sample(values.length, mean, Math.sqrt(squares / (values.length - 1)));
  }

  /** The standard error of the mean; NaN for a single value. */
  public double se() {
    return sd / Math.sqrt(n);
  }

  /** The values of one list less those of another, pair by pair. */
  public static double[] differences(double[] first, double[] second) {
    if (first.length != second.length) {
      throw new IllegalArgumentException(
          Words.of("%d values cannot be paired with %d", first.length, second.length));
    }
    double[] differences = new double[first.length];
    for (int i = 0; i < first.length; i++) {
      differences[i] = first[i] - second[i];
    }
    return differences;
  }

  /** The interval of a level between percentiles of sorted values. */
  public static Interval percentiles(double[] sorted, double level) {
    double tail = (1 - level) / 2;
    return new Interval(level, quantile(sorted, tail), quantile(sorted, 1 - tail));
  }

  /** Between the two nearest of sorted values: Hyndman and Fan's definition 7. */
  public static double quantile(double[] sorted, double probability) {
    double place = probability * (sorted.length - 1);
    int below = (int) Math.floor(place);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
