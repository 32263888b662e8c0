package dev.tiebreak.trainer.ballot;

import dev.tiebreak.trainer.base.Names;

/** Where a text stood for a judge. */
public enum Side {
  LEFT,
  RIGHT;

  /** As it stands in tables. */
  public String label() {
    return Names.label(this);
  }
}
