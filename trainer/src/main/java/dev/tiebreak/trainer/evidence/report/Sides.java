package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.ballot.Side;
import dev.tiebreak.trainer.ballot.Vote;
import dev.tiebreak.trainer.ballot.pairs.KeyEntry;
import dev.tiebreak.trainer.ballot.pairs.PairKey;
import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which comparison a vote belongs to, and which side of it is the treatment's. Votes name arms in
 * left and right; their {@link Vote.Origin} decides where it is known.
 */
final class Sides {
  private static final String BASELINE = "baseline";
  private static final int MOST_COMPARISONS = 20;

  private final Set<String> matched;
  private final Map<String, Arms> arms = new LinkedHashMap<>();

  record Place(String comparison, boolean treatmentLeft, String seedPair) {}

  /** Who is compared, whether at different temperatures, and how many pairs a rule made ties. */
  record Arms(String treatment, String control, boolean matched, int ruled) {}

  /**
   * Finds out who is compared with whom.
   *
   * @param treatment the arm to ask about; else whichever is not named baseline
   * @throws UserError if that is unclear
   */
  Sides(List<Vote> votes, Optional<PairKey> key, Optional<String> treatment, Set<String> matched) {
    this.matched = matched;
    key.ifPresent(one -> one.entries().forEach(this::add));
    if (arms.isEmpty()) {
      byNames(votes, treatment);
    }
  }

  private void add(KeyEntry entry) {
    Arms known = arms.get(entry.comparison());
    int ruled = (known == null ? 0 : known.ruled) + (entry.ruled().isPresent() ? 1 : 0);
    String treatment = entry.treatment().run().arm();
    String control = entry.control().run().arm();
    boolean other = entry.treatment().temperature() != entry.control().temperature();
    boolean any = other || matched.contains(entry.comparison());
    arms.put(entry.comparison(), new Arms(treatment, control, any, ruled));
  }

  private void byNames(List<Vote> votes, Optional<String> treatment) {
    Map<String, Set<String>> names = new LinkedHashMap<>(); // of each comparison
    Map<String, Set<String>> treatments = new HashMap<>(); // that votes themselves tell
    for (Vote vote : votes) {
      Vote.Shown shown = vote.shown();
      if (!shown.catchItem()) {
        names
            .computeIfAbsent(comparison(vote), _ -> new TreeSet<>())
            .addAll(List.of(shown.left(), shown.right()).stream().distinct().toList());
        vote.origin()
            .treatment()
            .ifPresent(side ->
                treatments
                    .computeIfAbsent(comparison(vote), _ -> new TreeSet<>())
                    .add(shown.on(side)));
      }
    }
    requireArms(names, treatment);
    names.forEach((name, both) -> {
      Set<String> told = treatments.getOrDefault(name, Set.of());
      Optional<String> known = told.size() == 1 ? Optional.of(told.iterator().next()) : treatment;
      Arms who = arms(name, new ArrayList<>(both), known);
      arms.put(name, new Arms(who.treatment, who.control, matched.contains(name), 0));
    });
  }

  private static void requireArms(Map<String, Set<String>> names, Optional<String> treatment) {
    Set<String> all = new TreeSet<>();
    names.values().forEach(all::addAll);
    if (names.size() > MOST_COMPARISONS) {
      throw new UserError(
          Words.of(
              "left and right name %,d things ('%s', ...), too many to be arms; if they are ids of texts, give the key of the pairs",
              all.size(), all.iterator().next()),
          Remedy.parameter("key"));
    }
    if (treatment.isPresent() && !all.contains(treatment.get())) {
      throw new UserError(
          Words.of(
              "no vote is about the treatment '%s'; there are: %s",
              treatment.get(), String.join(", ", all)),
          Remedy.parameter("treatment"));
    }
  }

  private static Arms arms(String name, List<String> both, Optional<String> treatment) {
    String first = both.getFirst();
    String last = both.getLast();
    if (both.size() > 2) {
      throw new UserError(
          Words.of(
              "the comparison '%s' names %,d things in left and right (%s, %s, ...), but a comparison has two arms; if they are ids of texts, give the key of the pairs",
              name, both.size(), first, both.get(1)),
          Remedy.parameter("key"));
    }
    if (first.equals(last)) {
      return new Arms(first, last, false, 0);
    }
    if (treatment.isPresent() && both.contains(treatment.get())) {
      return new Arms(treatment.get(), first.equals(treatment.get()) ? last : first, false, 0);
    }
    if (both.contains(BASELINE)) {
      return new Arms(first.equals(BASELINE) ? last : first, BASELINE, false, 0);
    }
    throw new UserError(
        Words.of(
            "votes compare '%s' with '%s', and neither is named baseline; say which is the treatment",
            first, last),
        Remedy.parameter("treatment", first));
  }

  private static String comparison(Vote vote) {
    String named = vote.origin().comparison();
    return named.isEmpty() ? unnamed(vote.shown().left(), vote.shown().right()) : named;
  }

  /** The name of a comparison where votes give it none. */
  static String unnamed(String one, String other) {
    return one.compareTo(other) <= 0 ? one + " and " + other : other + " and " + one;
  }

  /** Where a vote belongs. */
  Place of(Vote vote) {
    String comparison = comparison(vote);
    Side treatment =
        vote.origin()
            .treatment()
            .orElseGet(() -> treatmentSide(vote.shown(), arms.get(comparison)));
    return new Place(comparison, treatment == Side.LEFT, seedPair(vote.origin()));
  }

  private static Side treatmentSide(Vote.Shown shown, Arms who) {
    if (!shown.left().equals(shown.right())) {
      return shown.left().equals(who.treatment) ? Side.LEFT : Side.RIGHT;
    }
    // Both are of one arm: which is called the treatment must not depend on the side.
    boolean even = Long.bitCount(shown.original().hashCode()) % 2 == 0;
    return even == shown.isRepeat() ? Side.RIGHT : Side.LEFT;
  }

  private static String seedPair(Vote.Origin origin) {
    if (origin.seed().isEmpty()) {
      return Judgments.UNKNOWN;
    }
    long seed = origin.seed().getAsLong();
    long other = origin.controlSeed().orElse(seed);
    return other == seed ? Long.toString(seed) : seed + " and " + other;
  }

  Arms arms(String comparison) {
    return arms.get(comparison);
  }
}
