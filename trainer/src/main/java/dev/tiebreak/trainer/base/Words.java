package dev.tiebreak.trainer.base;

import java.util.Locale;

/**
 * Words with values in them, the same on every machine: no locale decides about points and commas.
 */
public final class Words {
  private Words() {}

  /** As {@link String#format(Locale, String, Object...)} in the neutral locale. */
  public static String of(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
