package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.ballot.Choice;
import dev.tiebreak.trainer.ballot.JudgeKind;
import dev.tiebreak.trainer.ballot.Vote;
import dev.tiebreak.trainer.ballot.Votes;
import dev.tiebreak.trainer.ballot.pairs.PairKey;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.statistics.votes.Ballot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A table of votes as judgments of comparisons.
 *
 * @param comparisons by their names
 * @param judges their names, by the numbers of ballots
 * @param catches votes about catch items, which are no judgments
 * @param exact rows that repeat another in everything; they are left out
 * @param undecided judgments of pairs that a judge had judged otherwise, at times that are not
 *     known: which came first is not known either, so they count as ties
 */
record Judgments(
    List<Comparison> comparisons,
    Numbering judges,
    Numbering prompts,
    Numbering completions,
    Numbering seedPairs,
    int votes,
    List<Vote> catches,
    int exact,
    int undecided) {
  /** The name of the pair of models where it is not known. */
  static final String UNKNOWN = "unknown";

  /**
   * Sorts votes.
   *
   * @param votes as they were read
   * @param matched names of comparisons whose control is sampled at another temperature
   * @throws UserError if there are no votes, the key is not theirs, or it is unclear who is who
   */
  static Judgments of(
      List<Vote> votes, Optional<PairKey> key, Optional<String> treatment, Set<String> matched) {
    if (votes.isEmpty()) {
      throw new UserError("there are no votes in the table; there is nothing to report");
    }
    List<Vote> named = key.map(one -> Votes.unblind(votes, one)).orElse(votes);
    return new Sorting(new Sides(named, key, treatment, matched)).sort(named);
  }

  /** Votes being sorted. */
  private static final class Sorting {
    private final Sides sides;
    private final Numbering judges = new Numbering();
    private final Numbering prompts = new Numbering();
    private final Numbering completions = new Numbering();
    private final Numbering seedPairs = new Numbering();
    private final List<Vote> catches = new ArrayList<>();
    private final Map<String, Map<String, List<Judgment>>> seen = new TreeMap<>();
    private int exact;
    private int undecided;

    Sorting(Sides sides) {
      this.sides = sides;
      seedPairs.of(UNKNOWN);
    }

    Judgments sort(List<Vote> votes) {
      Set<Vote> known = new HashSet<>();
      for (Vote vote : votes) {
        if (!known.add(vote)) {
          exact++;
        } else if (vote.shown().catchItem()) {
          catches.add(vote);
        } else {
          take(vote);
        }
      }
      List<Comparison> comparisons = new ArrayList<>();
      seen.forEach((name, pairs) -> comparisons.add(comparison(name, pairs)));
      if (comparisons.isEmpty()) {
        throw new UserError(
            Words.of(
                "all %,d votes are about catch items; there is nothing to report", votes.size()));
      }
      return new Judgments(
          comparisons,
          judges,
          prompts,
          completions,
          seedPairs,
          votes.size(),
          catches,
          exact,
          undecided);
    }

    private void take(Vote vote) {
      Sides.Place side = sides.of(vote);
      int completion =
          completions.of(
              side.comparison() + " " + vote.shown().prompt() + " " + vote.shown().original());
      Ballot ballot =
          new Ballot(
              judges.of(vote.judge().id()),
              prompts.of(vote.shown().prompt()),
              completion,
              seedPairs.of(side.seedPair()),
              side.treatmentLeft(),
              outcome(vote.choice(), side.treatmentLeft()));
      seen.computeIfAbsent(side.comparison(), _ -> new LinkedHashMap<>())
          .computeIfAbsent(ballot.judge() + " " + completion, _ -> new ArrayList<>(1))
          .add(new Judgment(vote, ballot));
    }

    private static int outcome(Choice choice, boolean treatmentLeft) {
      return switch (choice) {
        case LEFT -> treatmentLeft ? 1 : -1;
        case RIGHT -> treatmentLeft ? -1 : 1;
        case SAME, UNUSABLE -> 0;
      };
    }

    private Comparison comparison(String name, Map<String, List<Judgment>> pairs) {
      List<Judgment> judgments = new ArrayList<>();
      List<Judgment> presented = new ArrayList<>();
      List<Comparison.Repeat> repeats = new ArrayList<>();
      for (List<Judgment> all : pairs.values()) {
        if (all.size() == 1 && inBothOrders(all.getFirst(), presented, repeats)) {
          judgments.add(all.getFirst());
          continue;
        }
        presented.addAll(all);
        Judgment first = first(all);
        Judgment swapped = null;
        for (Judgment other : all) {
          if (other != first) {
            boolean swap = other.ballot().treatmentLeft() != first.ballot().treatmentLeft();
            swapped = swap && swapped == null ? other : swapped;
            repeats.add(new Comparison.Repeat(first, other, swap));
          }
        }
        boolean both = swapped != null && first.kind() != JudgeKind.HUMAN;
        judgments.add(both ? surviving(first, swapped) : counting(first, all));
      }
      Sides.Arms arms = sides.arms(name);
      return new Comparison(
          name,
          arms.treatment(),
          arms.control(),
          arms.matched(),
          judgments,
          presented,
          repeats,
          arms.ruled());
    }

    /**
     * The earliest, where all have times; else the one that is not marked as a repetition. Where
     * neither tells, any: {@link #counting} sees to it that it does not matter which.
     */
    private static Judgment first(List<Judgment> all) {
      Comparator<Judgment> marked = Comparator.comparing(one -> one.vote().shown().isRepeat());
      boolean timed = all.stream().allMatch(one -> one.vote().when().at().isPresent());
      return timed
          ? Collections.min(
              all,
              Comparator.comparing(Sorting::at, Comparator.naturalOrder()).thenComparing(marked))
          : Collections.min(all, marked);
    }

    private static Instant at(Judgment judgment) {
      return judgment.vote().when().at().orElseThrow();
    }

    /** The first, if it is known which it is, or all say the same; else a tie. */
    private Judgment counting(Judgment first, List<Judgment> all) {
      boolean contradicted =
          all.stream()
              .anyMatch(one ->
                  one.ballot().outcome() != first.ballot().outcome()
                      && one.vote().when().at().equals(first.vote().when().at())
                      && one.vote().shown().isRepeat() == first.vote().shown().isRepeat());
      if (!contradicted) {
        return first;
      }
      undecided++;
      return first.as(0);
    }

    /**
     * Takes one row that tells what a model said in each order, as {@code tiebreak judge llm}
     * writes it, for the two judgments that it was made of.
     *
     * @return whether the row is one
     */
    private static boolean inBothOrders(
        Judgment judgment, List<Judgment> presented, List<Comparison.Repeat> repeats) {
      Map<String, String> extra = judgment.vote().extra();
      Optional<Choice> first = Choice.of(extra.getOrDefault("raw_first", ""));
      Optional<Choice> second = Choice.of(extra.getOrDefault("raw_second", ""));
      if (first.isEmpty() || second.isEmpty()) {
        return false;
      }
      boolean left = judgment.ballot().treatmentLeft();
      Vote vote = judgment.vote();
      Judgment one =
          new Judgment(vote.choice(first.get()), judgment.ballot()).as(outcome(first.get(), left));
      Judgment other =
          new Judgment(
                  vote.sides(vote.shown().right(), vote.shown().left()).choice(second.get()),
                  judgment.ballot().flipped())
              .as(outcome(second.get(), !left));
      presented.addAll(List.of(one, other));
      repeats.add(new Comparison.Repeat(one, other, true));
      return true;
    }

    /** A verdict counts only if it survives the swap of sides. */
    private static Judgment surviving(Judgment first, Judgment swapped) {
      int outcome = first.ballot().outcome();
      return first.as(outcome == swapped.ballot().outcome() ? outcome : 0);
    }
  }
}
