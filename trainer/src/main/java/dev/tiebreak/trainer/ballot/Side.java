package dev.tiebreak.trainer.ballot;

import java.util.Locale;

/** Where a text stood for a judge. */
public enum Side {
  LEFT,
  RIGHT;

  /** As it stands in tables. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
