package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.evidence.chart.ForestPlot;
import dev.tiebreak.trainer.evidence.document.Format;
import dev.tiebreak.trainer.evidence.document.Section;
import dev.tiebreak.trainer.evidence.document.Table;
import dev.tiebreak.trainer.evidence.statistics.Interval;
import dev.tiebreak.trainer.evidence.statistics.votes.ClusterRobust;
import java.util.List;

/** All comparisons side by side, with Holm's correction behind the gate. */
final class ComparisonSection {
  private ComparisonSection() {}

  static Section of(Analysis analysis) {
    boolean passed = analysis.primary().preference().isShown(analysis.rules().alpha());
    return Section.of("comparisons", "All comparisons")
        .say(
            "The first comparison is the gate, tested at %s alone. The others are tested together after it, by Holm's procedure (1979)%s.",
            analysis.rules().alpha(),
            passed ? "" : ". The gate does not hold, so their p's support no claim")
        .text(
            "Each p is the larger of two that one rule asks of every comparison: of the test that is named,"
                + " with the variance of equal arms pooled in where those were judged, and of the rate with"
                + " all ways of clustering. A small p with a rate below 50 % speaks for the control.")
        .say(
            "Intervals are of %s %%, with judges and prompts as clusters.",
            analysis.rules().percentLevel())
        .figure(
            "forest-comparisons",
            "Decisive win rates of all comparisons.",
            forest(analysis.strata()),
            table(analysis))
        .text(
            "The original study pooled people with models and took every vote for independent of all"
                + " others. That figure supports no claim here.")
        .add(Pooled.table(analysis))
        .build();
  }

  static Table table(Analysis analysis) {
    Table.Builder table =
        Table.of("comparisons", "All comparisons")
            .column("comparison", "Comparison", Format.TEXT)
            .column("judge_kind", "Judges", Format.TEXT)
            .column("decisive", "Decisive", Format.COUNT)
            .column("rate", "Rate", Format.PERCENT)
            .column("interval", "Interval", Format.PERCENT)
            .column("p", "p", Format.P)
            .column("holm_p", "Holm's p", Format.P)
            .column("naive_p", "Naive p", Format.P)
            .column("test", "Test", Format.TEXT);
    for (Stratum one : analysis.strata()) {
      boolean adjusted = one.kind() == analysis.kind();
      table.row(
          one.comparison().words() + (one == analysis.primary() ? " (gate)" : ""),
          Stratum.judges(one.kind()),
          one.tally().decisive(),
          one.tally().rate().orNull(),
          one.robust().map(ClusterRobust::interval).orElse(null),
          one.preference().p(),
          adjusted ? analysis.adjusted().get(one.comparison().name()) : null,
          one.naive().getFirst().p(),
          one.preference().test());
    }
    return table.build();
  }

  private static String forest(List<Stratum> strata) {
    List<ForestPlot.Row> rows =
        strata.stream()
            .map(one -> {
              double rate = one.tally().rate().found().orElse(Double.NaN);
              return ForestPlot.Row.ofShare(
                  one.comparison().shortly() + ", " + Stratum.judges(one.kind()),
                  rate,
                  one.robust().map(ClusterRobust::interval).orElse(Interval.NONE),
                  Format.percent(rate));
            })
            .toList();
    return ForestPlot.ofPreferences("Share for the treatment by comparison", rows, "");
  }
}
