package dev.tiebreak.trainer.votes;

import dev.tiebreak.trainer.config.Names;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Constants as small words in tables. */
final class Words {
  private Words() {}

  static String label(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  static <E extends Enum<E>> Optional<E> find(Class<E> type, String word) {
    String small = word.strip().toLowerCase(Locale.ROOT);
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> label(constant).equals(small))
        .findFirst();
  }

  /** {@code ; did you mean right?}, or nothing if no word is near. */
  static String hint(String misspelt, List<String> known) {
    return Names.nearest(misspelt.strip().toLowerCase(Locale.ROOT), known)
        .map(name -> "; did you mean " + name + "?")
        .orElse("");
  }
}
