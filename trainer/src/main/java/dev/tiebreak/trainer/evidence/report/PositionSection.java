package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.ballot.JudgeKind;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.chart.ForestPlot;
import dev.tiebreak.trainer.evidence.statistics.Ballot;
import dev.tiebreak.trainer.evidence.statistics.BinomialRate;
import dev.tiebreak.trainer.evidence.statistics.ClusterRobust;
import dev.tiebreak.trainer.evidence.statistics.Factor;
import dev.tiebreak.trainer.evidence.statistics.Finding;
import dev.tiebreak.trainer.evidence.statistics.Interval;
import dev.tiebreak.trainer.evidence.statistics.MixedLogit;
import dev.tiebreak.trainer.evidence.statistics.Position;
import dev.tiebreak.trainer.evidence.statistics.Position.Swaps;
import dev.tiebreak.trainer.evidence.statistics.Tally;
import java.util.ArrayList;
import java.util.List;

/** Whether the side mattered, and what judges said when they saw a pair again. */
final class PositionSection {
  private PositionSection() {}

  static Section of(Analysis analysis) {
    Table.Builder table =
        Table.of("position", "Sides, over all comparisons")
            .column("judge_kind", "Judges", Format.TEXT)
            .column("presented", "Shown", Format.COUNT)
            .column("treatment_left", "Treatment left", Format.PERCENT)
            .column("left_share", "Left chosen", Format.PERCENT)
            .column("low", "Low", Format.PERCENT)
            .column("high", "High", Format.PERCENT)
            .column("p", "p", Format.P)
            .column("rate_left", "Rate, treatment left", Format.PERCENT)
            .column("rate_right", "Rate, treatment right", Format.PERCENT);
    List<ForestPlot.Row> rows = new ArrayList<>();
    for (JudgeKind kind : JudgeKind.values()) {
      List<Ballot> shown =
          analysis.judgments().contests().stream()
              .flatMap(one -> one.presented(kind).stream())
              .toList();
      if (!shown.isEmpty()) {
        add(table, rows, analysis, kind, shown);
      }
    }
    Section.Builder section =
        Section.of("position", "Left and right")
            .text(
                "If judges favour a side, and sides are in balance, that costs votes but does not mislead."
                    + " If sides are out of balance, it misleads. Intervals have judges and prompts as"
                    + " clusters (Cameron, Gelbach and Miller 2011).")
            .picture(
                "left-right",
                "Share of decisive choices that fell on the left text, each time that a pair was shown.",
                new ForestPlot(
                        "How often the left text was chosen",
                        "share of decisive choices, per cent",
                        rows,
                        50,
                        "")
                    .svg(),
                table.build());
    analysis
        .primary()
        .clustered()
        .mixed()
        .found()
        .filter(one -> one.positionSe() > 0)
        .ifPresent(one -> section.text(odds(one)));
    repeats(section, analysis);
    return section.build();
  }

  private static String odds(MixedLogit mixed) {
    return Words.of(
        "In the mixed model, standing on the left multiplies the odds of being chosen by %s (standard error of its logarithm %s).",
        Format.number(Math.exp(mixed.position())), Format.number(mixed.positionSe()));
  }

  private static void add(
      Table.Builder table,
      List<ForestPlot.Row> rows,
      Analysis analysis,
      JudgeKind kind,
      List<Ballot> shown) {
    List<Ballot> byside = Position.asLeft(shown);
    Tally left = Tally.of(shown.stream().filter(Ballot::treatmentLeft).toList());
    Tally right = Tally.of(shown).minus(left);
    Finding<ClusterRobust> robust =
        ClusterRobust.of(byside, List.of(Factor.JUDGE, Factor.PROMPT), analysis.rules().level());
    double share = Tally.of(byside).rate().found().orElse(Double.NaN);
    Interval interval = robust.found().map(ClusterRobust::interval).orElse(Estimate.nothing());
    table.row(
        Stratum.judges(kind),
        shown.size(),
        (double) left.total() / shown.size(),
        share,
        interval.low(),
        interval.high(),
        robust.found().map(ClusterRobust::p).orElse(null),
        left.rate().found().orElse(null),
        right.rate().found().orElse(null));
    rows.add(
        new ForestPlot.Row(
            Stratum.judges(kind),
            100 * share,
            new Interval(interval.level(), 100 * interval.low(), 100 * interval.high()),
            Double.NaN,
            Format.percent(share),
            false));
  }

  private static void repeats(Section.Builder section, Analysis analysis) {
    Table.Builder table =
        Table.of("consistency", "Pairs that a judge saw twice")
            .column("judge_kind", "Judges", Format.TEXT)
            .column("how", "Shown again", Format.TEXT)
            .column("repeats", "n", Format.COUNT)
            .column("same", "Same answer", Format.PERCENT)
            .column("low", "Low", Format.PERCENT)
            .column("high", "High", Format.PERCENT)
            .column("left_twice", "Left twice", Format.COUNT)
            .column("right_twice", "Right twice", Format.COUNT)
            .column("half_tied", "One a tie", Format.COUNT);
    boolean any = false;
    for (JudgeKind kind : JudgeKind.values()) {
      List<Contest.Repeat> repeats =
          analysis.judgments().contests().stream()
              .flatMap(one -> one.repeats().stream())
              .filter(one -> one.first().kind() == kind)
              .toList();
      any |= !repeats.isEmpty();
      swapped(table, analysis, kind, repeats.stream().filter(Contest.Repeat::swapped).toList());
      unchanged(table, analysis, kind, repeats.stream().filter(one -> !one.swapped()).toList());
    }
    if (any) {
      section.add(table.build());
    } else {
      section.text("No judge saw a pair twice, so consistency is not known.");
    }
  }

  private static void swapped(
      Table.Builder table, Analysis analysis, JudgeKind kind, List<Contest.Repeat> repeats) {
    Position.swaps(
            repeats.stream().map(one -> one.first().ballot()).toList(),
            repeats.stream().map(one -> one.second().ballot()).toList(),
            analysis.rules().level())
        .found()
        .ifPresent(swaps -> row(table, kind, swaps));
  }

  private static void row(Table.Builder table, JudgeKind kind, Swaps swaps) {
    BinomialRate same = swaps.consistency();
    table.row(
        Stratum.judges(kind),
        "with sides swapped",
        same.n(),
        same.rate(),
        same.wilson().low(),
        same.wilson().high(),
        swaps.leftTwice(),
        swaps.rightTwice(),
        swaps.halfTied());
  }

  private static void unchanged(
      Table.Builder table, Analysis analysis, JudgeKind kind, List<Contest.Repeat> repeats) {
    if (!repeats.isEmpty()) {
      long agree = repeats.stream().filter(Contest.Repeat::agrees).count();
      BinomialRate same = BinomialRate.of(agree, repeats.size(), analysis.rules().level());
      table.row(
          Stratum.judges(kind),
          "unchanged",
          same.n(),
          same.rate(),
          same.wilson().low(),
          same.wilson().high(),
          null,
          null,
          null);
    }
  }
}
