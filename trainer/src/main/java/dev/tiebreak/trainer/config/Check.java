package dev.tiebreak.trainer.config;

import java.util.List;

/** The checks that the sections of a configuration share. */
final class Check {
  private Check() {}

  /** Throws unless {@code holds}; {@code allowed} is read after "it must be". */
  static void that(boolean holds, String key, Object value, String allowed) {
    if (!holds) {
      throw new ConfigValueException(key, value, allowed);
    }
  }

  static void atLeast(long least, String key, long value) {
    that(value >= least, key, value, "a whole number, " + least + " or more");
  }

  static void between(long least, long most, String key, long value) {
    that(
        value >= least && value <= most,
        key,
        value,
        "a whole number from %d to %d".formatted(least, most));
  }

  /** A finite number above 0. */
  static void positive(String key, double value) {
    that(value > 0 && Double.isFinite(value), key, value, "a number above 0");
  }

  /** A finite number, 0 or more. */
  static void notNegative(String key, double value) {
    that(value >= 0 && Double.isFinite(value), key, value, "a number, 0 or more");
  }

  /** 0 included, 1 not. */
  static void fraction(String key, double value) {
    that(value >= 0 && value < 1, key, value, "a number from 0 up to, not including, 1");
  }

  static void divides(String key, int value, String otherKey, int other) {
    that(other % value == 0, key, value, "a divisor of %s, which is %d".formatted(otherKey, other));
  }

  static <E> void nonEmpty(String key, List<E> value, String allowed) {
    that(!value.isEmpty(), key, value, allowed);
  }
}
