package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.ballot.JudgeKind;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.chart.ForestPlot;
import dev.tiebreak.trainer.evidence.document.Format;
import dev.tiebreak.trainer.evidence.document.Section;
import dev.tiebreak.trainer.evidence.document.Table;
import dev.tiebreak.trainer.evidence.statistics.Finding;
import dev.tiebreak.trainer.evidence.statistics.Interval;
import dev.tiebreak.trainer.evidence.statistics.votes.Ballot;
import dev.tiebreak.trainer.evidence.statistics.votes.BinomialRate;
import dev.tiebreak.trainer.evidence.statistics.votes.ClusterRobust;
import dev.tiebreak.trainer.evidence.statistics.votes.Factor;
import dev.tiebreak.trainer.evidence.statistics.votes.MixedLogit;
import dev.tiebreak.trainer.evidence.statistics.votes.Position;
import dev.tiebreak.trainer.evidence.statistics.votes.Tally;
import java.util.ArrayList;
import java.util.List;

/** Whether the side mattered, and what judges said when they saw a pair again. */
final class PositionSection {
  private PositionSection() {}

  static Section of(Analysis analysis) {
    Section.Builder section =
        Section.of("position", "Left and right")
            .text(
                "If judges favour a side, and sides are in balance, that costs votes but does not mislead."
                    + " If sides are out of balance, it misleads. Intervals have judges and prompts as"
                    + " clusters (Cameron, Gelbach and Miller 2011).");
    sides(section, analysis);
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

  private static void sides(Section.Builder section, Analysis analysis) {
    Table.Builder table =
        Table.of("position", "Sides, over all comparisons")
            .column("judge_kind", "Judges", Format.TEXT)
            .column("presented", "Shown", Format.COUNT)
            .column("treatment_left", "Treatment left", Format.PERCENT)
            .column("left_share", "Left chosen", Format.PERCENT)
            .column("interval", "Interval", Format.PERCENT)
            .column("p", "p", Format.P)
            .column("rate_left", "Rate, treatment left", Format.PERCENT)
            .column("rate_right", "Rate, treatment right", Format.PERCENT);
    List<ForestPlot.Row> rows = new ArrayList<>();
    for (JudgeKind kind : JudgeKind.values()) {
      List<Ballot> shown =
          analysis.judgments().comparisons().stream()
              .flatMap(one -> one.presented(kind).stream().map(Judgment::ballot))
              .toList();
      if (!shown.isEmpty()) {
        add(table, rows, analysis, kind, shown);
      }
    }
    String title = "How often the left text was chosen";
    section.figure(
        "left-right",
        "Share of decisive choices that fell on the left text, each time that a pair was shown.",
        new ForestPlot(title, "share of decisive choices, per cent", rows, 50, "").svg(),
        table.build());
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
    Interval interval = robust.found().map(ClusterRobust::interval).orElse(Interval.NONE);
    table.row(
        Stratum.judges(kind),
        shown.size(),
        (double) left.total() / shown.size(),
        share,
        interval,
        robust.map(ClusterRobust::p).orNull(),
        left.rate().orNull(),
        right.rate().orNull());
    rows.add(ForestPlot.Row.ofShare(Stratum.judges(kind), share, interval, Format.percent(share)));
  }

  private static void repeats(Section.Builder section, Analysis analysis) {
    Table.Builder table =
        Table.of("consistency", "Pairs that a judge saw twice")
            .column("judge_kind", "Judges", Format.TEXT)
            .column("how", "Shown again", Format.TEXT)
            .column("repeats", "n", Format.COUNT)
            .column("same", "Same answer", Format.PERCENT)
            .column("interval", "Interval", Format.PERCENT)
            .column("left_twice", "Left twice", Format.COUNT)
            .column("right_twice", "Right twice", Format.COUNT)
            .column("half_tied", "One a tie", Format.COUNT);
    boolean any = false;
    for (JudgeKind kind : JudgeKind.values()) {
      List<Comparison.Repeat> repeats =
          analysis.judgments().comparisons().stream()
              .flatMap(one -> one.repeats().stream())
              .filter(one -> one.first().kind() == kind)
              .toList();
      any |= !repeats.isEmpty();
      swapped(table, analysis, kind, repeats.stream().filter(Comparison.Repeat::swapped).toList());
      unchanged(table, analysis, kind, repeats.stream().filter(one -> !one.swapped()).toList());
    }
    if (any) {
      section.add(table.build());
    } else {
      section.text("No judge saw a pair twice, so consistency is not known.");
    }
  }

  private static void swapped(
      Table.Builder table, Analysis analysis, JudgeKind kind, List<Comparison.Repeat> repeats) {
    Position.swaps(
            repeats.stream().map(one -> one.first().ballot()).toList(),
            repeats.stream().map(one -> one.second().ballot()).toList(),
            analysis.rules().level())
        .found()
        .ifPresent(swaps ->
            table.row(
                Stratum.judges(kind),
                "with sides swapped",
                swaps.consistency().n(),
                swaps.consistency().rate(),
                swaps.consistency().wilson(),
                swaps.leftTwice(),
                swaps.rightTwice(),
                swaps.halfTied()));
  }

  private static void unchanged(
      Table.Builder table, Analysis analysis, JudgeKind kind, List<Comparison.Repeat> repeats) {
    if (!repeats.isEmpty()) {
      long agree = repeats.stream().filter(Comparison.Repeat::agrees).count();
      BinomialRate same = BinomialRate.of(agree, repeats.size(), analysis.rules().level());
      table.row(
          Stratum.judges(kind),
          "unchanged",
          same.n(),
          same.rate(),
          same.wilson(),
          null,
          null,
          null);
    }
  }
}
