package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.ballot.Choice;
import dev.tiebreak.trainer.ballot.JudgeKind;
import dev.tiebreak.trainer.ballot.Vote;
import dev.tiebreak.trainer.ballot.protocol.JudgingPlan;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.document.Format;
import dev.tiebreak.trainer.evidence.statistics.votes.JudgeHabits;
import dev.tiebreak.trainer.evidence.statistics.votes.JudgeHabits.Limits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * Which judges rules leave out. The rules know nothing of arms: they look at times, sides, ties and
 * catch items.
 */
final class Filters {
  /** What ids of a catch item's nonsense begin with. */
  private static final Set<String> NONSENSE = Set.of("catch", "nonsense");

  private static final String ALL = "all of these";

  private final Map<String, JudgeHabits> judges = new TreeMap<>();

  record Filter(String name, Set<String> judges) {}

  /**
   * Looks at all that judges of a kind saw: every comparison, pairs shown twice, catch items.
   *
   * @param words of each pair by its id; may be empty
   */
  Filters(Judgments judgments, Predicate<JudgeKind> kind, Map<String, Integer> words) {
    List<Judgment> presented =
        judgments.comparisons().stream()
            .flatMap(one -> one.presented().stream())
            .filter(one -> kind.test(one.kind()))
            .toList();
    Map<String, List<Vote>> caught =
        judgments.catches().stream().collect(Collectors.groupingBy(vote -> vote.judge().id()));
    presented.stream()
        .collect(Collectors.groupingBy(one -> one.vote().judge().id()))
        .forEach((judge, own) ->
            judges.put(judge, habits(own, caught.getOrDefault(judge, List.of()), words)));
  }

  Map<String, JudgeHabits> judges() {
    return judges;
  }

  private static JudgeHabits habits(
      List<Judgment> own, List<Vote> catches, Map<String, Integer> words) {
    List<Vote> votes = own.stream().map(Judgment::vote).toList();
    List<Vote> known = catches.stream().filter(vote -> answer(vote) != null).toList();
    return new JudgeHabits(
        own.getFirst().ballot().judge(),
        votes.size(),
        (int) own.stream().filter(one -> !one.ballot().isDecisive()).count(),
        count(votes, Choice.LEFT),
        median(
            votes.stream()
                .flatMapToLong(vote -> vote.when().responseMs().stream())
                .asDoubleStream()),
        median(
            votes.stream()
                .filter(vote -> words.getOrDefault(vote.shown().pair(), 0) > 0)
                .flatMapToDouble(vote ->
                    vote.when().responseMs().stream()
                        .mapToDouble(ms -> (double) ms / words.get(vote.shown().pair())))),
        known.size(),
        (int) known.stream().filter(vote -> vote.choice() == answer(vote).swapped()).count());
  }

  private static int count(List<Vote> votes, Choice choice) {
    return (int) votes.stream().filter(vote -> vote.choice() == choice).count();
  }

  /** The right answer to a catch item, or null if the vote does not tell. */
  private static Choice answer(Vote vote) {
    boolean left = isNonsense(vote.shown().left());
    boolean right = isNonsense(vote.shown().right());
    return left == right ? null : left ? Choice.RIGHT : Choice.LEFT;
  }

  private static boolean isNonsense(String id) {
    return NONSENSE.stream().anyMatch(id.toLowerCase(Locale.ROOT)::startsWith);
  }

  private static OptionalDouble median(DoubleStream values) {
    double[] sorted = values.sorted().toArray();
    int n = sorted.length;
    return n == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((sorted[(n - 1) / 2] + sorted[n / 2]) / 2);
  }

  /** Each of a set of rules alone, then all together. */
  List<Filter> of(Limits limits) {
    Map<String, Predicate<JudgeHabits>> rules = new LinkedHashMap<>();
    String perWord =
        limits.fastestMsPerWord() > 0
            ? Words.of(" or %s ms by word", trim(limits.fastestMsPerWord()))
            : "";
    String slow = Words.of("median time below %s s", trim(limits.fastestMs() / 1000));
    rules.put(slow + perWord, limits.speedClicker());
    String ties = Words.of("more than %s ties", Format.percent(limits.mostTies()));
    rules.put(ties, limits.tieBiased());
    if (limits.mostOneSide() < 1) {
      String side = Words.of("more than %s on one side", Format.percent(limits.mostOneSide()));
      rules.put(side, limits.oneSided());
    }
    if (limits.catchItems()) {
      rules.put("every catch item wrong", limits.failedCatch());
    }
    List<Filter> all = new ArrayList<>();
    rules.forEach((name, rule) -> all.add(new Filter(limits.name() + ": " + name, failing(rule))));
    all.add(new Filter(limits.name() + ": " + ALL, failing(limits.any())));
    return all;
  }

  /** Whom rules leave out, in the order of their names, and by which rules, in words. */
  Map<String, String> leftOut(Limits limits) {
    Map<String, String> out = new TreeMap<>();
    String prefix = limits.name() + ": ";
    for (Filter filter : of(limits)) {
      String rule = filter.name().substring(prefix.length());
      if (!rule.equals(ALL)) {
        filter.judges().forEach(judge -> out.merge(judge, rule, (a, b) -> a + "; " + b));
      }
    }
    return out;
  }

  private Set<String> failing(Predicate<JudgeHabits> rule) {
    return judges.keySet().stream()
        .filter(judge -> rule.test(judges.get(judge)))
        .collect(Collectors.toSet());
  }

  static Limits limits(JudgingPlan plan) {
    return new Limits(
        "plan",
        1000 * plan.leastSeconds(),
        plan.leastMsPerWord(),
        plan.mostTies(),
        plan.mostOneSide(),
        plan.catchItems() > 0,
        plan.leastVotes());
  }

  private static String trim(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
