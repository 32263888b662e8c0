package dev.tiebreak.trainer.report;

import dev.tiebreak.trainer.study.JudgingPlan;
import dev.tiebreak.trainer.votes.Choice;
import dev.tiebreak.trainer.votes.Vote;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Which judges the rules of the plan leave out. The rules know nothing of arms: they look at times,
 * sides, ties and catch items.
 */
final class Filters {
  private static final Set<String> NONSENSE = Set.of("catch", "nonsense");

  private final Map<String, Conduct> judges;

  /**
   * How a judge judged.
   *
   * @param medianMs of the time for a pair; empty if unknown
   * @param medianMsPerWord the same by word shown
   * @param oneSide share of the more frequent side among the decisive votes; 0 if there are none
   * @param ties share of ties
   * @param catches how many catch items there were whose right answer is known
   * @param failed how many of these were answered wrong
   */
  record Conduct(
      int votes,
      OptionalDouble medianMs,
      OptionalDouble medianMsPerWord,
      double oneSide,
      double ties,
      int catches,
      int failed) {}

  /** A rule and whom it leaves out. */
  record Filter(String name, Set<String> judges) {}

  /**
   * Looks at judges.
   *
   * @param words shown with each pair, by its id; may be empty
   */
  Filters(List<Judgment> presented, List<Vote> catches, Map<String, Integer> words) {
    Map<String, List<Vote>> votes = new HashMap<>();
    presented.forEach(one -> votes.computeIfAbsent(one.vote().judge(), _ -> new ArrayList<>()).add(one.vote()));
    Map<String, List<Vote>> caught =
        catches.stream().collect(Collectors.groupingBy(Vote::judge));
    judges = new TreeMap<>();
    votes.forEach(
        (judge, own) -> judges.put(judge, conduct(own, caught.getOrDefault(judge, List.of()), words)));
  }

  /** All judges, by name. */
  Map<String, Conduct> judges() {
    return judges;
  }

  private static Conduct conduct(
      List<Vote> votes, List<Vote> catches, Map<String, Integer> words) {
    long left = votes.stream().filter(vote -> vote.choice() == Choice.LEFT).count();
    long right = votes.stream().filter(vote -> vote.choice() == Choice.RIGHT).count();
    double decisive = left + right;
    List<Vote> known = catches.stream().filter(vote -> answer(vote) != null).toList();
    int failed =
        (int)
            known.stream()
                .filter(vote -> vote.choice() == answer(vote).swapped())
                .count();
    return new Conduct(
        votes.size(),
        median(votes.stream().flatMapToLong(vote -> vote.responseMs().stream())),
        perWord(votes, words),
        decisive == 0 ? 0 : Math.max(left, right) / decisive,
        1 - decisive / votes.size(),
        known.size(),
        failed);
  }

  /** The right answer to a catch item, or null if the vote does not tell. */
  private static Choice answer(Vote vote) {
    boolean left = NONSENSE.stream().anyMatch(vote.left().toLowerCase(Locale.ROOT)::startsWith);
    boolean right = NONSENSE.stream().anyMatch(vote.right().toLowerCase(Locale.ROOT)::startsWith);
    return left == right ? null : left ? Choice.RIGHT : Choice.LEFT;
  }

  private static OptionalDouble median(LongStream values) {
    long[] sorted = values.sorted().toArray();
    int n = sorted.length;
    return n == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((sorted[(n - 1) / 2] + sorted[n / 2]) / 2.0);
  }

  private static OptionalDouble perWord(List<Vote> votes, Map<String, Integer> words) {
    double[] sorted =
        votes.stream()
            .filter(vote -> vote.responseMs().isPresent() && words.getOrDefault(vote.pair(), 0) > 0)
            .mapToDouble(vote -> (double) vote.responseMs().getAsLong() / words.get(vote.pair()))
            .sorted()
            .toArray();
    int n = sorted.length;
    return n == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((sorted[(n - 1) / 2] + sorted[n / 2]) / 2);
  }

  /** The plan's rules, each alone. */
  List<Filter> planned(JudgingPlan plan) {
    return List.of(
        filter(
            "median time below %s s or %s ms per word"
                .formatted(trim(plan.leastSeconds()), trim(plan.leastMsPerWord())),
            one ->
                below(one.medianMs, 1000 * plan.leastSeconds())
                    || below(one.medianMsPerWord, plan.leastMsPerWord())),
        filter(
            "more than %s of decisive votes on one side".formatted(Format.percent(plan.mostOneSide())),
            one -> one.oneSide > plan.mostOneSide()),
        filter(
            "more than %s ties".formatted(Format.percent(plan.mostTies())),
            one -> one.ties > plan.mostTies()),
        filter(
            "all catch items wrong", one -> one.catches > 0 && one.failed == one.catches));
  }

  /**
   * Rules in the original's style: it left out speed-clickers and judges with many ties, by limits
   * that were not published, so several are tried.
   */
  List<Filter> original() {
    List<Filter> all = new ArrayList<>();
    for (double seconds : new double[] {2, 5, 10}) {
      all.add(
          filter(
              "original's style: median time below %s s".formatted(trim(seconds)),
              one -> below(one.medianMs, 1000 * seconds)));
    }
    for (double share : new double[] {0.5, 0.6, 0.7}) {
      all.add(
          filter(
              "original's style: more than %s ties".formatted(Format.percent(share)),
              one -> one.ties > share));
    }
    return all;
  }

  /** Several rules together. */
  static Filter together(String name, List<Filter> filters) {
    Set<String> all = new TreeSet<>();
    filters.forEach(one -> all.addAll(one.judges));
    return new Filter(name, all);
  }

  private Filter filter(String name, Predicate<Conduct> out) {
    Set<String> names = new TreeSet<>();
    judges.forEach(
        (judge, conduct) -> {
          if (out.test(conduct)) {
            names.add(judge);
          }
        });
    return new Filter(name, names);
  }

  private static boolean below(OptionalDouble value, double limit) {
    return value.isPresent() && value.getAsDouble() < limit;
  }

  private static String trim(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
