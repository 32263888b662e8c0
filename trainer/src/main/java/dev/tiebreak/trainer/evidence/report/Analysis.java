package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.ballot.JudgeKind;
import dev.tiebreak.trainer.ballot.Vote;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.statistics.Holm;
import dev.tiebreak.trainer.evidence.statistics.votes.Ballot;
import dev.tiebreak.trainer.evidence.statistics.votes.Factor;
import dev.tiebreak.trainer.evidence.statistics.votes.Tally;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Votes, sorted and counted: what the sections of the report are written from.
 *
 * @param everybody all that was read, sorted by comparison
 * @param leftOut whom rules leave out, in the order of their names, and by which, in words
 * @param judgments of the others, which everything but {@code everybody} is about
 * @param kind whose judgments count first: people's, else models', else scripted judges'
 * @param primary the comparison that is tested first
 * @param strata each comparison as each kind of judges sees it
 * @param adjusted Holm's p of the comparisons after the gate, by name
 */
record Analysis(
    ReportInput input,
    Rules rules,
    Judgments everybody,
    Map<String, String> leftOut,
    Judgments judgments,
    JudgeKind kind,
    Stratum primary,
    List<Stratum> strata,
    Map<String, Double> adjusted) {

  /** Computes all that sections share; progress is told what is being done. */
  static Analysis of(ReportInput input, Rules rules, Consumer<String> progress) {
    progress.accept(Words.of("sorting %,d votes", input.votes().size()));
    Judgments everybody = sorted(input, input.votes(), rules);
    Map<String, String> leftOut = leftOut(input, everybody, rules);
    List<Vote> left =
        input.votes().stream().filter(one -> !leftOut.containsKey(one.judge().id())).toList();
    boolean some = left.stream().anyMatch(vote -> !vote.shown().catchItem());
    Judgments judgments = leftOut.isEmpty() || !some ? everybody : sorted(input, left, rules);
    List<Stratum> strata = new ArrayList<>();
    for (Comparison comparison : rules.inOrder(judgments.comparisons())) {
      for (JudgeKind kind : JudgeKind.values()) {
        if (!comparison.judgments(kind).isEmpty()) {
          progress.accept("analysing " + comparison.name() + ", " + Stratum.judges(kind));
          strata.add(Stratum.of(comparison, kind, rules, equalRates(judgments, kind)));
        }
      }
    }
    Stratum primary = primary(strata, rules);
    return new Analysis(
        input,
        rules,
        everybody,
        leftOut,
        judgments,
        primary.kind(),
        primary,
        List.copyOf(strata),
        adjusted(strata, primary, rules));
  }

  /** Whom the plan's rules leave out, and who has a hand in the study, plan or not. */
  private static Map<String, String> leftOut(ReportInput input, Judgments everybody, Rules rules) {
    Map<String, String> out = new TreeMap<>();
    for (Vote vote : input.votes()) {
      if (vote.judge().role().isInvolved()) {
        out.put(vote.judge().id(), "is the study's " + vote.judge().role());
      }
    }
    if (rules.planned()) {
      new Filters(everybody, kind -> kind != JudgeKind.MODEL, input.words())
          .leftOut(Filters.limits(rules.judging()))
          .forEach((judge, rule) -> out.merge(judge, rule, (a, b) -> a + "; " + b));
    }
    return out;
  }

  private static Judgments sorted(ReportInput input, List<Vote> votes, Rules rules) {
    return Judgments.of(votes, input.key(), input.treatment(), rules.matched());
  }

  /** Decisive win rates of equal arms as one kind of judges sees them, by known pair of models. */
  private static double[] equalRates(Judgments judgments, JudgeKind kind) {
    return judgments.comparisons().stream()
        .filter(Comparison::isSame)
        .map(one -> one.ballots(kind))
        .flatMap(ballots -> byKnownPair(ballots).values().stream())
        .flatMap(tally -> tally.rate().found().stream())
        .mapToDouble(Double::doubleValue)
        .toArray();
  }

  private static Map<Integer, Tally> byKnownPair(List<Ballot> ballots) {
    Map<Integer, Tally> tallies = Tally.by(Factor.SEED_PAIR, ballots);
    tallies.remove(Ballot.UNKNOWN_SEED_PAIR);
    return tallies;
  }

  /** Whether the rules leave nobody: then everything is about everybody, and nothing is shown. */
  boolean nobodyIsLeft() {
    return !leftOut.isEmpty() && judgments == everybody;
  }

  /** The first comparison by its kind of judges, those included whom the rules leave out. */
  Comparison everybodysPrimary() {
    return everybody.comparisons().stream()
        .filter(one -> one.name().equals(primary.comparison().name()))
        .findFirst()
        .orElseThrow();
  }

  /** The gate's comparison by people; failing that, what comes closest to it. */
  private static Stratum primary(List<Stratum> strata, Rules rules) {
    String gate =
        strata.stream().anyMatch(one -> one.comparison().name().equals(rules.gate()))
            ? rules.gate()
            : strata.stream()
                .map(Stratum::comparison)
                .filter(one -> !one.isSame() && !one.matched())
                .findFirst()
                .orElse(strata.getFirst().comparison())
                .name();
    return strata.stream()
        .filter(one -> one.comparison().name().equals(gate))
        .min((a, b) -> a.kind().compareTo(b.kind()))
        .orElseThrow();
  }

  private static Map<String, Double> adjusted(List<Stratum> strata, Stratum primary, Rules rules) {
    Map<String, Double> ps = new LinkedHashMap<>();
    for (Stratum one : strata) {
      String name = one.comparison().name();
      boolean family =
          rules.holm().isEmpty() ? !one.comparison().isSame() : rules.holm().contains(name);
      double p = one.preference().p();
      if (family && one.kind() == primary.kind() && one != primary && Double.isFinite(p)) {
        ps.put(name, p);
      }
    }
    double[] adjusted =
        Holm.adjust(ps.values().stream().mapToDouble(Double::doubleValue).toArray());
    int i = 0;
    for (Map.Entry<String, Double> entry : ps.entrySet()) {
      entry.setValue(adjusted[i++]);
    }
    return ps;
  }

  /** A comparison as one kind of judges sees it. */
  Optional<Stratum> stratum(String comparison, JudgeKind wanted) {
    return strata.stream()
        .filter(one -> one.comparison().name().equals(comparison) && one.kind() == wanted)
        .findFirst();
  }

  /** Comparisons of equal arms, as the primary kind of judges sees them. */
  List<Stratum> same() {
    return strata.stream().filter(one -> one.kind() == kind && one.comparison().isSame()).toList();
  }
}
