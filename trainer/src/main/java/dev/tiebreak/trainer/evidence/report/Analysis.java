package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.ballot.JudgeKind;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.statistics.Holm;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Votes, sorted and counted: what the sections of the report are written from.
 *
 * @param judgments sorted by comparison
 * @param kind whose judgments count first: people's, else models', else scripted judges'
 * @param primary the comparison that is tested first
 * @param strata each comparison as each kind of judges sees it
 * @param adjusted Holm's p of the comparisons after the gate, by name
 */
record Analysis(
    ReportInput input,
    Rules rules,
    Judgments judgments,
    JudgeKind kind,
    Stratum primary,
    List<Stratum> strata,
    Map<String, Double> adjusted) {

  /** Computes all that sections share; progress is told what is being done. */
  static Analysis of(ReportInput input, Rules rules, Consumer<String> progress) {
    progress.accept(Words.of("sorting %,d votes", input.votes().size()));
    Judgments judgments =
        Judgments.of(input.votes(), input.key(), input.treatment(), rules.matched());
    boolean unknownSeeds =
        input.votes().stream().allMatch(vote -> vote.origin().seed().isEmpty())
            && input.key().isEmpty();
    List<Stratum> strata = new ArrayList<>();
    for (Comparison comparison : rules.inOrder(judgments.comparisons())) {
      for (JudgeKind kind : JudgeKind.values()) {
        if (!comparison.judgments(kind).isEmpty()) {
          progress.accept("analysing " + comparison.name() + ", " + Stratum.judges(kind));
          strata.add(Stratum.of(comparison, kind, rules, unknownSeeds));
        }
      }
    }
    Stratum primary = primary(strata, rules);
    return new Analysis(
        input,
        rules,
        judgments,
        primary.kind(),
        primary,
        List.copyOf(strata),
        adjusted(strata, primary, rules));
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
      double p = one.registered().p();
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
