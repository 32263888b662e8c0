package dev.tiebreak.trainer.base;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How Java names are written in files, and what a misspelt name was probably meant to be. */
public final class Names {
  private static final int FARTHEST = 4; // edits; beyond this a suggestion would only confuse

  private Names() {}

  /** {@code sequenceLength} becomes {@code sequence_length}. */
  public static String snakeCase(String javaName) {
    return javaName.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }

  /** {@code GELU_ERF} becomes {@code gelu_erf}. */
  public static String label(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** The constant of this label, in any case and with white space around it. */
  public static <E extends Enum<E>> Optional<E> find(Class<E> type, String label) {
    String small = label.strip().toLowerCase(Locale.ROOT);
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> label(constant).equals(small))
        .findFirst();
  }

  /** The labels of all constants, quoted and joined: {@code "cosine", "wsd" or "constant"}. */
  public static String choices(Class<?> enumType) {
    List<String> quoted =
        Arrays.stream(enumType.getEnumConstants())
            .map(constant -> '"' + label((Enum<?>) constant) + '"')
            .toList();
    return String.join(", ", quoted.subList(0, quoted.size() - 1)) + " or " + quoted.getLast();
  }

  /**
   * The known name nearest to a misspelt one, if any is near. Of equally near names the first wins.
   * A name whose part after the last dot is the same counts as near: the section may be missing.
   */
  public static Optional<String> nearest(String misspelt, List<String> known) {
    String best = null;
    int least = Math.min(FARTHEST, Math.max(1, misspelt.length() / 2)) + 1;
    for (String name : known) {
      int distance = lastPart(name).equals(lastPart(misspelt)) ? 1 : distance(misspelt, name);
      if (distance < least) {
        best = name;
        least = distance;
      }
    }
    return Optional.ofNullable(best);
  }

  /** {@code ; did you mean right?}, or nothing if no known name is near. */
  public static String hint(String misspelt, List<String> known) {
    return nearest(misspelt.strip().toLowerCase(Locale.ROOT), known)
        .map(name -> "; did you mean " + name + "?")
        .orElse("");
  }

  private static String lastPart(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /** Levenshtein's distance: the fewest insertions, deletions and replacements of a character. */
  public static int distance(String a, String b) {
    int[] row = new int[b.length() + 1]; // row[j]: from the part of a so far to b's first j
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
