package dev.tiebreak.trainer.study.pairs;

import dev.tiebreak.trainer.ballot.pairs.Salt;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Makes pairs blind: gives them ids, sides and an order that are drawn from the {@link Salt} and
 * from nothing else.
 *
 * <p>Sides: for each comparison and pair of models the treatment stands left in half of the pairs,
 * one more or less where their number is odd, and the same holds within each prompt. For that the
 * pairs are put in a secret order, prompt by prompt, and sides alternate along it from a secret
 * start.
 */
public final class Blinding {
  private Blinding() {}

  /**
   * The pairs that judges see, in the order of their file; those that a rule decides are left out.
   *
   * @param pairs in any order: it changes nothing
   */
  public static List<ShownPair> of(Collection<TextPair> pairs, Salt salt) {
    Map<String, List<TextPair>> cells = new LinkedHashMap<>();
    for (TextPair pair : pairs) {
      if (pair.ruled().isEmpty()) {
        cells.computeIfAbsent(pair.cell(), _ -> new ArrayList<>()).add(pair);
      }
    }
    List<ShownPair> shown = new ArrayList<>();
    cells.forEach((cell, of) -> shown.addAll(sides(cell, of, salt)));
    requireDistinctIds(shown);
    shown.sort(by(one -> salt.draw("order", one.pair().identity())));
    return shown;
  }

  /** The id of a pair, also of one that no judge sees. */
  static String id(TextPair pair, Salt salt) {
    return salt.id("pair", pair.identity());
  }

  private static List<ShownPair> sides(String cell, List<TextPair> pairs, Salt salt) {
    List<TextPair> order = new ArrayList<>(pairs);
    order.sort(
        by((TextPair pair) -> salt.draw("prompt", cell, pair.prompt().id()))
            .thenComparing(pair -> salt.draw("within prompt", pair.identity())));
    boolean left = salt.coin("first side", cell);
    List<ShownPair> shown = new ArrayList<>();
    for (TextPair pair : order) {
      String identity = pair.identity();
      shown.add(
          new ShownPair(
              pair,
              id(pair, salt),
              salt.id("treatment", identity),
              salt.id("control", identity),
              left));
      left = !left;
    }
    return shown;
  }

  private static <T> Comparator<T> by(Function<T, String> draw) {
    return Comparator.comparing(draw);
  }

  /** Two of 64 random bits are equal once in centuries; then judgments would be mixed up. */
  private static void requireDistinctIds(List<ShownPair> shown) {
    Set<String> ids = new HashSet<>();
    for (ShownPair pair : shown) {
      if (!ids.add(pair.id()) || !ids.add(pair.treatmentId()) || !ids.add(pair.controlId())) {
        throw new IllegalStateException("two equal ids were drawn; draw again from another salt");
      }
    }
  }
}
