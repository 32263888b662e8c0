package dev.tiebreak.trainer.ballot;

import dev.tiebreak.trainer.base.Names;
import java.util.Locale;
import java.util.Optional;

/** What a judge said about two texts. */
public enum Choice {
  /** The left one is better. */
  LEFT,
  /** The right one is better. */
  RIGHT,
  /** Neither is better. */
  SAME,
  /** Neither can be used. */
  UNUSABLE;

  /** The choice of a word, in capital or small letters; others' usual words too. */
  public static Optional<Choice> of(String word) {
    return switch (word.strip().toLowerCase(Locale.ROOT)) {
      case "left", "a", "model_a" -> Optional.of(LEFT);
      case "right", "b", "model_b" -> Optional.of(RIGHT);
      case "same", "tie", "equal", "draw" -> Optional.of(SAME);
      case "unusable", "tie (bothbad)", "bothbad", "both bad" -> Optional.of(UNUSABLE);
      default -> Optional.empty();
    };
  }

  /** Its word in tables: {@code left}, {@code right}, {@code same}, {@code unusable}. */
  public String label() {
    return Names.label(this);
  }

  /** The same judgment where the texts have changed sides. */
  public Choice swapped() {
    return switch (this) {
      case LEFT -> RIGHT;
      case RIGHT -> LEFT;
      case SAME, UNUSABLE -> this;
    };
  }
}
