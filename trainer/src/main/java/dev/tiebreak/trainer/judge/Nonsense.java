package dev.tiebreak.trainer.judge;

import dev.tiebreak.trainer.base.Sha256;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What stands against a real text in a catch item: the words of the text in a random order, each
 * spelled backwards. Nobody who reads takes it for the better text, also where the real one comes
 * from a small model; who chooses it does not read. Always the same for the same text.
 */
final class Nonsense {
  private static final String SPACE = "\\s+";

  private Nonsense() {}

  static String of(String text) {
    List<String> words = new ArrayList<>();
    for (String word : text.strip().split(SPACE)) {
      words.add(new StringBuilder(word).reverse().toString()); // keeps surrogate pairs
    }
    long seed = Long.parseUnsignedLong(Sha256.of(text).substring(0, 16), 16);
    Collections.shuffle(words, new SplittableRandom(seed));
    return String.join(" ", words);
  }

  static int words(String text) {
    return text.isBlank() ? 0 : text.strip().split(SPACE).length;
  }
}
