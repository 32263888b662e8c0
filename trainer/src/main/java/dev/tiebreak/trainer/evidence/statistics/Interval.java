package dev.tiebreak.trainer.evidence.statistics;

/**
 * A confidence interval.
 *
 * @param level the confidence, such as 0.95
 */
public record Interval(double level, double low, double high) {
  /** The interval of what has none: its ends are NaN. */
  public static final Interval NONE = new Interval(Double.NaN, Double.NaN, Double.NaN);

  /** Whether a value lies in the interval or on its ends; never in one of NaN. */
  public boolean contains(double value) {
    return low <= value && value <= high;
  }

  /** Whether the whole interval lies strictly between two limits; one of NaN never does. */
  public boolean isWithin(double least, double most) {
    return least < low && high < most;
  }

  /** The same in another unit: each end times a factor above 0. */
  public Interval times(double factor) {
    return new Interval(level, factor * low, factor * high);
  }
}
