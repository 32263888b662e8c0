package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.base.Words;

/** Large numbers as people read them. */
final class Figures {
  private static final String[] PREFIXES = {"", "k", "M", "G", "T", "P", "E", "Z", "Y"};
  private static final String[] COUNTS = {"", " thousand", " million", " billion", " trillion"};
  private static final double MINUTES = 60;
  private static final double HOURS_PER_DAY = 24;
  private static final double LEAST_HOURS = 0.001;

  private Figures() {}

  /** Operations, such as {@code 13.3 GFLOP}. */
  static String flops(double flops) {
    int prefix = power(flops, PREFIXES.length);
    return round(flops / Math.pow(1000, prefix)) + " " + PREFIXES[prefix] + "FLOP";
  }

  /** A count, such as {@code 3.93 billion}; small ones in full. */
  static String count(double count) {
    if (count < 1e6) {
      return Words.of("%,.0f", count);
    }
    int power = power(count, COUNTS.length);
    return round(count / Math.pow(1000, power)) + COUNTS[power];
  }

  /** A time, always with its hours: {@code 0.041 hours (2.5 minutes)}, {@code 21 hours}. */
  static String hours(double hours) {
    String text = (hours < LEAST_HOURS ? "< " + LEAST_HOURS : round(hours)) + " hours";
    if (hours * MINUTES < 2) {
      return text + " (" + round(hours * MINUTES * MINUTES) + " seconds)";
    }
    if (hours < 2) {
      return text + " (" + round(hours * MINUTES) + " minutes)";
    }
    return hours < 2 * HOURS_PER_DAY ? text : text + " (" + round(hours / HOURS_PER_DAY) + " days)";
  }

  private static int power(double value, int limit) {
    int power = 0;
    while (value >= 999.5 && power < limit - 1) {
      value /= 1000;
      power++;
    }
    return power;
  }

  /** Three digits, or all digits before the point. */
  static String round(double value) {
    double size = Math.abs(value);
    if (size >= 99.95 || size == 0) {
      return Words.of("%,.0f", value);
    }
    if (size >= 9.995) {
      return Words.of("%.1f", value);
    }
    if (size >= 0.9995) {
      return Words.of("%.2f", value);
    }
    return Words.of("%.2g", value);
  }
}
