package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.statistics.Interval;

/** How the values of a column are written for people; files hold all digits. */
public enum Format {
  /** Words. */
  TEXT,
  /** A whole number. */
  COUNT,
  /** A share from 0 to 1, in per cent. */
  PERCENT,
  /** Any number, with four digits that count. */
  NUMBER,
  /** The p of a test. */
  P;

  /** What stands where there is no number. */
  public static final String NONE = "-";

  private static final double LEAST_P = 1e-4;

  /** A value of a cell in words; {@value #NONE} for null. */
  public String words(Object value) {
    if (value == null) {
      return NONE;
    }
    if (!(value instanceof Number number)) {
      return value.toString();
    }
    double one = number.doubleValue();
    return switch (this) {
      case TEXT -> value.toString();
      case COUNT -> Words.of("%,.0f", one);
      case PERCENT -> percent(one);
      case NUMBER -> number(one);
      case P -> p(one);
    };
  }

  /** A share, such as {@code 59.9 %}. */
  static String percent(double share) {
    return Double.isFinite(share) ? positive("%.1f", 100 * share) + " %" : NONE;
  }

  /** A difference of shares in points, such as {@code 4.7}. */
  static String points(double difference) {
    return Double.isFinite(difference) ? positive("%.1f", 100 * difference) : NONE;
  }

  /** A share with its ends, such as {@code 59.9 % (56.4 to 63.4)}. */
  static String percent(double share, Interval ends) {
    return Double.isFinite(ends.low()) && Double.isFinite(ends.high())
        ? percent(share) + " (" + range(ends) + ")"
        : percent(share);
  }

  /** The ends of an interval of shares, in per cent without the sign. */
  static String range(Interval ends) {
    return positive("%.1f", 100 * ends.low()) + " to " + positive("%.1f", 100 * ends.high());
  }

  /** A number with four digits that count. */
  static String number(double value) {
    if (!Double.isFinite(value)) {
      return NONE;
    }
    double size = Math.abs(value);
    if (size != 0 && (size < 1e-3 || size >= 1e7)) {
      return Words.of("%.2e", value);
    }
    int digits = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : 3;
    return positive("%,." + digits + "f", value);
  }

  /** A p; below 0.0001 by its power of ten. */
  static String p(double value) {
    if (!Double.isFinite(value)) {
      return NONE;
    }
    if (value < LEAST_P) {
      return value < 1e-16 ? "< 1e-16" : Words.of("%.1e", value);
    }
    return Words.of(value < 0.01 ? "%.4f" : value < 0.1 ? "%.3f" : "%.2f", value);
  }

  /** No minus before a zero. */
  private static String positive(String format, double value) {
    String text = Words.of(format, value);
    return text.matches("-0(\\.0*)?") ? text.substring(1) : text;
  }
}
