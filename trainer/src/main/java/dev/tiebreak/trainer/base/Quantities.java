package dev.tiebreak.trainer.base;

/** Large numbers as people read them. */
public final class Quantities {
  private static final String[] PREFIXES = {"", "k", "M", "G", "T", "P", "E", "Z", "Y"};
  private static final String[] COUNTS = {"", " thousand", " million", " billion", " trillion"};
  private static final String[] UNITS = {" bytes", " kB", " MB", " GB", " TB", " PB", " EB"};
  private static final double MINUTES = 60;
  private static final double HOURS_PER_DAY = 24;
  private static final double LEAST_HOURS = 0.001;

  private Quantities() {}

  /** Operations, such as {@code 13.3 GFLOP}. */
  public static String flops(double flops) {
    int prefix = power(flops, PREFIXES.length);
    return round(flops / Math.pow(1000, prefix)) + " " + PREFIXES[prefix] + "FLOP";
  }

  /** A count, such as {@code 3.93 billion}; small ones in full. */
  public static String count(double count) {
    if (count < 1e6) {
      return Words.of("%,.0f", count);
    }
    int power = power(count, COUNTS.length);
    return round(count / Math.pow(1000, power)) + COUNTS[power];
  }

  /** Bytes in powers of 1000, as disks and RAM shops count: {@code 1.5 MB}, {@code 24 GB}. */
  public static String bytes(long bytes) {
    int power = power(bytes, UNITS.length);
    double value = bytes / Math.pow(1000, power);
    return Words.of(power == 0 || value >= 9.95 ? "%.0f" : "%.1f", value) + UNITS[power];
  }

  /** A time on a clock: {@code 0:07}, {@code 12:34} or {@code 1:02:03}. */
  public static String clock(double seconds) {
    long whole = Math.round(seconds);
    return whole < 3600
        ? Words.of("%d:%02d", whole / 60, whole % 60)
        : Words.of("%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
  }

  /** A time, always with its hours: {@code 0.041 hours (2.5 minutes)}, {@code 21 hours}. */
  public static String hours(double hours) {
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
  public static String round(double value) {
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
