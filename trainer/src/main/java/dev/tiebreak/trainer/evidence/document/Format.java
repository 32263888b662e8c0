package dev.tiebreak.trainer.evidence.document;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.statistics.Interval;
import dev.tiebreak.trainer.evidence.statistics.Sample;

/**
 * How the values of a column are written for people, and the one style of numbers in texts: files
 * hold all digits.
 */
public enum Format {
  TEXT,
  COUNT,
  /** A share from 0 to 1, in per cent. */
  PERCENT,
  /** Any number, with four digits that count. */
  NUMBER,
  /** With four digits after the point, such as a loss in nats. */
  DECIMAL,
  /** The same with its sign, such as a difference of losses. */
  SIGNED,
  P;

  /** What stands where there is no number. */
  public static final String NONE = "-";

  private static final double LEAST_P = 1e-4;

  /** Whether columns of this are aligned to the right. */
  boolean isNumber() {
    return this != TEXT;
  }

  /** A value of a cell in words; {@value #NONE} for null. */
  public String words(Object value) {
    return switch (value) {
      case null -> NONE;
      case Interval ends -> interval(ends);
      case Sample sample -> spread(sample);
      case Number number when this != TEXT -> words(number.doubleValue());
      default -> value.toString();
    };
  }

  private String words(double value) {
    return switch (this) {
      case TEXT -> Double.toString(value);
      case COUNT -> finite("%,.0f", value);
      case PERCENT -> percent(value);
      case NUMBER -> number(value);
      case DECIMAL -> finite("%.4f", value);
      case SIGNED -> finite("%+.4f", value);
      case P -> p(value);
    };
  }

  /** An interval; its ends are of one unit. */
  private String interval(Interval ends) {
    return this == PERCENT ? range(ends) + " %" : words(ends.low()) + " to " + words(ends.high());
  }

  /** The mean and, of several values, their standard deviation. */
  private String spread(Sample sample) {
    String mean = words(sample.mean());
    return sample.n() == 1 ? mean : mean + " ± " + words(sample.sd());
  }

  /** A share, such as {@code 59.9 %}. */
  public static String percent(double share) {
    return Double.isFinite(share) ? finite("%.1f", 100 * share) + " %" : NONE;
  }

  /** A difference of shares in points, such as {@code 4.7}. */
  public static String points(double difference) {
    return finite("%.1f", 100 * difference);
  }

  /** The ends of an interval of shares, in per cent without the sign. */
  public static String range(Interval ends) {
    return points(ends.low()) + " to " + points(ends.high());
  }

  /** A loss or another number that is told with four digits after the point. */
  public static String decimal(double value) {
    return DECIMAL.words(value);
  }

  /** The same with its sign. */
  public static String signed(double value) {
    return SIGNED.words(value);
  }

  /** A number with four digits that count. */
  public static String number(double value) {
    double size = Math.abs(value);
    if (size != 0 && (size < 1e-3 || size >= 1e7)) {
      return finite("%.2e", value);
    }
    int digits = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : 3;
    return finite("%,." + digits + "f", value);
  }

  /** A p; below 0.0001 by its power of ten. */
  public static String p(double value) {
    if (value < LEAST_P) {
      return value < 1e-16 ? "< 1e-16" : Words.of("%.1e", value);
    }
    return finite(value < 0.01 ? "%.4f" : value < 0.1 ? "%.3f" : "%.2f", value);
  }

  /** {@value #NONE} for what is not finite, and no minus before a zero. */
  private static String finite(String format, double value) {
    if (!Double.isFinite(value)) {
      return NONE;
    }
    String text = Words.of(format, value);
    String zero = format.contains("+") ? "+0" : "0";
    return text.matches("-0(\\.0*)?") ? zero + text.substring(2) : text;
  }
}
