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

  private static final String TIE = "tie"; // what others call it

  /**
   * The choice of a word, in capital or small letters; {@code tie} is another word for {@code
   * same}.
   */
  public static Optional<Choice> of(String word) {
    String small = word.strip().toLowerCase(Locale.ROOT);
    return small.equals(TIE) ? Optional.of(SAME) : Names.find(Choice.class, small);
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
