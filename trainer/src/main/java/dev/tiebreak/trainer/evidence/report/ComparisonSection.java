package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.chart.ForestPlot;
import dev.tiebreak.trainer.evidence.report.ClusteredEstimates.Primary;
import dev.tiebreak.trainer.evidence.statistics.ClusterRobust;
import dev.tiebreak.trainer.evidence.statistics.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All comparisons side by side, with Holm's correction behind the gate. */
final class ComparisonSection {
  private ComparisonSection() {}

  static Section of(Analysis analysis) {
    Table.Builder table =
        Table.of("comparisons", "All comparisons")
            .column("comparison", "Comparison", Format.TEXT)
            .column("judge_kind", "Judges", Format.TEXT)
            .column("decisive", "Decisive", Format.COUNT)
            .column("rate", "Rate", Format.PERCENT)
            .column("low", "Low", Format.PERCENT)
            .column("high", "High", Format.PERCENT)
            .column("p", "p", Format.P)
            .column("holm_p", "Holm's p", Format.P)
            .column("naive_p", "Naive p", Format.P)
            .column("test", "Test", Format.TEXT);
    List<ForestPlot.Row> rows = new ArrayList<>();
    for (Stratum one : analysis.strata()) {
      Optional<ClusterRobust> robust = one.robust();
      Interval interval = robust.map(ClusterRobust::interval).orElse(Estimate.nothing());
      double rate = one.tally().rate().found().orElse(Double.NaN);
      Primary test = one.clustered().primary();
      boolean adjusted = one.kind() == analysis.kind();
      table.row(
          one.contest().words() + (one == analysis.primary() ? " (gate)" : ""),
          Stratum.judges(one.kind()),
          one.tally().decisive(),
          rate,
          interval.low(),
          interval.high(),
          test.p(),
          adjusted ? analysis.adjusted().get(one.contest().name()) : null,
          one.naive().getFirst().p(),
          test.test());
      rows.add(
          new ForestPlot.Row(
              one.contest().shortly() + ", " + Stratum.judges(one.kind()),
              100 * rate,
              new Interval(interval.level(), 100 * interval.low(), 100 * interval.high()),
              Double.NaN,
              Format.percent(rate),
              false));
    }
    boolean passed = analysis.primary().clustered().primary().p() < analysis.rules().alpha();
    return Section.of("comparisons", "All comparisons")
        .text(
            Words.of(
                "The first comparison is the gate, tested at %s alone. The others are tested together after it, by Holm's procedure (1979)%s.",
                analysis.rules().alpha(),
                passed ? "" : ". The gate does not hold, so their p's support no claim"),
            Words.of(
                "Intervals are of %s %%, with judges and prompts as clusters.",
                analysis.rules().percentLevel()))
        .picture(
            "forest-comparisons",
            "Decisive win rates of all comparisons.",
            new ForestPlot(
                    "Share for the treatment by comparison",
                    "share of decisive votes for the treatment, per cent",
                    rows,
                    50,
                    "")
                .svg(),
            table.build())
        .build();
  }
}
