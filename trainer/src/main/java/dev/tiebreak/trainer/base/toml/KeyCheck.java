package dev.tiebreak.trainer.base.toml;

import dev.tiebreak.trainer.base.Words;
import java.util.List;

/** The checks that the sections of configurations and plans share. */
public final class KeyCheck {
  private KeyCheck() {}

  /**
   * Throws unless {@code holds}.
   *
   * @param key the dotted name as in the TOML file
   * @param allowed is read after "it must be"
   * @throws ConfigValueException as do all others here
   */
  public static void that(boolean holds, String key, Object value, String allowed) {
    if (!holds) {
      throw new ConfigValueException(key, value, allowed);
    }
  }

  /** A whole number, not smaller than another. */
  public static void atLeast(long least, String key, long value) {
    that(value >= least, key, value, "a whole number, " + least + " or more");
  }

  /** A whole number between two others, both included. */
  public static void between(long least, long most, String key, long value) {
    that(
        value >= least && value <= most,
        key,
        value,
        Words.of("a whole number from %d to %d", least, most));
  }

  /** A finite number above 0. */
  public static void positive(String key, double value) {
    that(value > 0 && Double.isFinite(value), key, value, "a number above 0");
  }

  /** A finite number, 0 or more. */
  public static void notNegative(String key, double value) {
    that(value >= 0 && Double.isFinite(value), key, value, "a number, 0 or more");
  }

  /** 0 included, 1 not. */
  public static void fraction(String key, double value) {
    that(value >= 0 && value < 1, key, value, "a number from 0 up to, not including, 1");
  }

  /** A divisor of the value of another key. */
  public static void divides(String key, int value, String otherKey, int other) {
    that(other % value == 0, key, value, Words.of("a divisor of %s, which is %d", otherKey, other));
  }

  /** A list of one or more. */
  public static <E> void nonEmpty(String key, List<E> value, String allowed) {
    that(!value.isEmpty(), key, value, allowed);
  }
}
