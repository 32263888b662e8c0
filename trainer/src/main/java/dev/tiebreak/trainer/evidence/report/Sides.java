package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.ballot.Vote;
import dev.tiebreak.trainer.ballot.pairs.KeyEntry;
import dev.tiebreak.trainer.ballot.pairs.PairKey;
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
 * left and right; what the key adds to them ({@code comparison}, {@code treatment_side}) decides
 * where it is there.
 */
final class Sides {
  private static final String COMPARISON = "comparison";
  private static final String TREATMENT_SIDE = "treatment_side";
  private static final String CONTROL_SEED = "control_seed";
  private static final String BASELINE = "baseline";
  private static final int MOST_COMPARISONS = 20;

  private final Set<String> matched;
  private final Map<String, Arms> arms = new LinkedHashMap<>();

  /**
   * Where a vote belongs.
   *
   * @param contest name of the comparison
   * @param treatmentLeft whether the treatment's text stands left
   * @param seedPair names the pair of models
   */
  record Side(String contest, boolean treatmentLeft, String seedPair) {}

  /**
   * Who is compared.
   *
   * @param matched whether the two are sampled at different temperatures
   * @param ruled pairs that a rule made ties
   */
  record Arms(String treatment, String control, boolean matched, int ruled) {}

  /**
   * Finds out who is compared with whom.
   *
   * @param votes that name arms
   * @param treatment the arm to ask about; else whichever is not named baseline
   * @param matched names of comparisons whose control is sampled at another temperature
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
    Map<String, Set<String>> names = new LinkedHashMap<>();
    Map<String, Set<String>> treatments = new HashMap<>();
    Set<String> all = new TreeSet<>();
    for (Vote vote : votes) {
      if (!vote.catchItem()) {
        Set<String> both = names.computeIfAbsent(contest(vote), _ -> new TreeSet<>());
        both.add(vote.left());
        both.add(vote.right());
        all.add(vote.left());
        all.add(vote.right());
        side(vote)
            .ifPresent(left -> {
              String name = left ? vote.left() : vote.right();
              treatments.computeIfAbsent(contest(vote), _ -> new TreeSet<>()).add(name);
            });
      }
    }
    if (names.size() > MOST_COMPARISONS) {
      throw new UserError(
          Words.of(
              "left and right name %,d things ('%s', ...), too many to be arms; if they are ids of texts, give the key with --key",
              all.size(), all.iterator().next()));
    }
    if (treatment.isPresent() && !all.contains(treatment.get())) {
      throw new UserError(
          Words.of(
              "no vote is about '%s', which --treatment names; there are: %s",
              treatment.get(), String.join(", ", all)));
    }
    names.forEach((name, both) -> {
      Set<String> told = treatments.getOrDefault(name, Set.of());
      Optional<String> known = told.size() == 1 ? Optional.of(told.iterator().next()) : treatment;
      Arms who = arms(name, new ArrayList<>(both), known);
      arms.put(name, new Arms(who.treatment, who.control, matched.contains(name), 0));
    });
  }

  private static Arms arms(String name, List<String> both, Optional<String> treatment) {
    String first = both.getFirst();
    String last = both.getLast();
    if (both.size() > 2) {
      throw new UserError(
          Words.of(
              "the comparison '%s' names %,d things in left and right (%s, %s, ...), but a comparison has two arms; if they are ids of texts, give the key with --key",
              name, both.size(), first, both.get(1)));
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
            "votes compare '%s' with '%s', and neither is named baseline; say which is the treatment, such as --treatment %s",
            first, last, first));
  }

  private static String contest(Vote vote) {
    String named = vote.extra().getOrDefault(COMPARISON, "");
    if (!named.isEmpty()) {
      return named;
    }
    return unnamed(vote.left(), vote.right());
  }

  /** The name of a comparison where votes give it none. */
  static String unnamed(String one, String other) {
    return one.compareTo(other) <= 0 ? one + " and " + other : other + " and " + one;
  }

  /** Whether the treatment stands left, if the vote says so. */
  private static Optional<Boolean> side(Vote vote) {
    return switch (vote.extra().getOrDefault(TREATMENT_SIDE, "")) {
      case "left" -> Optional.of(true);
      case "right" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  /** Where a vote belongs. */
  Side of(Vote vote) {
    String contest = contest(vote);
    Arms who = arms.get(contest);
    boolean left = side(vote).orElseGet(() -> isTreatmentLeft(vote, who));
    return new Side(contest, left, seedPair(vote));
  }

  private static boolean isTreatmentLeft(Vote vote, Arms who) {
    if (!vote.left().equals(vote.right())) {
      return vote.left().equals(who.treatment);
    }
    // Both are of one arm: which is called the treatment must not depend on the side.
    String pair = vote.swappedOf().isEmpty() ? vote.pair() : vote.swappedOf();
    boolean even = Long.bitCount(pair.hashCode()) % 2 == 0;
    return even == vote.swappedOf().isEmpty();
  }

  private static String seedPair(Vote vote) {
    if (vote.seed().isEmpty()) {
      return Judgments.UNKNOWN;
    }
    String seed = Long.toString(vote.seed().getAsLong());
    String other = vote.extra().getOrDefault(CONTROL_SEED, seed);
    return other.equals(seed) ? seed : seed + " and " + other;
  }

  /** The arms of a comparison. */
  Arms arms(String contest) {
    return arms.get(contest);
  }
}
