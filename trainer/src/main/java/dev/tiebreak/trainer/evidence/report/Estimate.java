package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.evidence.statistics.Interval;

/**
 * A number of the report with everything that makes it honest.
 *
 * @param id in files, such as {@code two_way_cluster}
 * @param name on the page
 * @param scale what the value is
 * @param value NaN if it cannot be computed from these votes
 * @param interval its ends are NaN if there is none
 * @param p two-sided, of no preference; NaN if there is none
 * @param assumption in one plain sentence; why there is no value, if there is none
 * @param reference authors and year
 * @param naive whether it takes judgments for independent, which they are not
 */
public record Estimate(
    String id,
    String name,
    Scale scale,
    double value,
    Interval interval,
    double p,
    String assumption,
    String reference,
    boolean naive) {
  /** What a value is. */
  public enum Scale {
    /** A share from 0 to 1; one half is no preference. */
    RATE,
    /** A share of something else from 0 to 1. */
    SHARE,
    /** A difference of shares from -1 to 1; 0 is no preference. */
    DIFFERENCE,
    /** Any number; 0 is no preference. */
    NUMBER,
    /** A test without a value of its own. */
    TEST
  }

  /** Whether there is a value or a p. */
  public boolean isPresent() {
    return Double.isFinite(value) || Double.isFinite(p);
  }

  /** Whether there is an interval. */
  public boolean hasInterval() {
    return Double.isFinite(interval.low()) && Double.isFinite(interval.high());
  }

  /** The value in words. */
  String words() {
    return switch (scale) {
      case RATE, SHARE -> Format.percent(value);
      case DIFFERENCE, NUMBER -> Format.number(value);
      case TEST -> Format.NONE;
    };
  }

  /** The interval in words. */
  String range() {
    if (!hasInterval()) {
      return Format.NONE;
    }
    return switch (scale) {
      case RATE, SHARE -> Format.range(interval) + " %";
      default -> Format.number(interval.low()) + " to " + Format.number(interval.high());
    };
  }

  /** No interval. */
  static Interval nothing() {
    return new Interval(0.95, Double.NaN, Double.NaN);
  }

  /** An estimate that these votes do not allow. */
  static Estimate none(String id, String name, Scale scale, String why, String reference) {
    return new Estimate(
        id,
        name,
        scale,
        Double.NaN,
        nothing(),
        Double.NaN,
        "Not computed: " + why,
        reference,
        false);
  }
}
