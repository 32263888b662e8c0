package dev.tiebreak.trainer.evidence.statistics;

/**
 * A confidence interval.
 *
 * @param level the confidence, such as 0.95
 * @param low lower end
 * @param high upper end
 */
public record Interval(double level, double low, double high) {
  /** Whether a value lies in the interval or on its ends; never in one of NaN. */
  public boolean contains(double value) {
    return low <= value && value <= high;
  }

  /** Whether the whole interval lies strictly between two limits; one of NaN never does. */
  public boolean isWithin(double least, double most) {
    return least < low && high < most;
  }
}
