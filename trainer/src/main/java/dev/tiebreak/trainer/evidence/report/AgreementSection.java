package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.ballot.JudgeKind;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.statistics.Agreement;
import dev.tiebreak.trainer.evidence.statistics.BinomialRate;
import dev.tiebreak.trainer.evidence.statistics.Correlation;
import dev.tiebreak.trainer.evidence.statistics.PanelComparison;
import java.util.Optional;

/** How far judges agree, within each kind and between people and models. */
final class AgreementSection {
  private AgreementSection() {}

  static Section of(Analysis analysis) {
    Section.Builder section =
        Section.of("agreement", "Agreement")
            .text(
                "1 is always, 0 as by chance. "
                    + Agreement.ASSUMES
                    + " ["
                    + Agreement.REFERENCE
                    + "]");
    within(section, analysis);
    between(section, analysis);
    return section.build();
  }

  private static void within(Section.Builder section, Analysis analysis) {
    Table.Builder table =
        Table.of("agreement", "Agreement on pairs of texts, with three answers")
            .column("comparison", "Comparison", Format.TEXT)
            .column("judge_kind", "Judges", Format.TEXT)
            .column("alpha", "Krippendorff's alpha", Format.NUMBER)
            .column("pairs", "Pairs", Format.COUNT)
            .column("votes", "Votes", Format.COUNT)
            .column("kappa", "Fleiss' kappa", Format.NUMBER)
            .column("kappa_pairs", "Pairs", Format.COUNT)
            .column("kappa_votes", "Votes each", Format.COUNT);
    for (Stratum one : analysis.strata()) {
      add(
          table,
          one.contest().words(),
          Stratum.judges(one.kind()),
          Agreement.of(one.ballots()).found());
    }
    Contest first = analysis.primary().contest();
    if (analysis.strata().stream().filter(one -> one.contest() == first).count() > 1) {
      add(table, first.words(), "all", Agreement.of(first.ballots(_ -> true)).found());
    }
    section.add(table.build());
  }

  private static void add(
      Table.Builder table, String contest, String judges, Optional<Agreement> agreement) {
    if (agreement.isEmpty()) {
      table.row(contest, judges, null, 0, 0, null, 0, 0);
      return;
    }
    Agreement one = agreement.get();
    table.row(
        contest,
        judges,
        one.alpha().found().orElse(null),
        one.items(),
        one.votes(),
        one.kappa().found().orElse(null),
        one.kappaItems(),
        one.kappaVotes());
  }

  private static void between(Section.Builder section, Analysis analysis) {
    String contest = analysis.primary().contest().name();
    Optional<Stratum> people = analysis.stratum(contest, JudgeKind.HUMAN);
    Optional<Stratum> models = analysis.stratum(contest, JudgeKind.MODEL);
    if (people.isEmpty() || models.isEmpty()) {
      section.text(
          "People and models did not both judge the first comparison, so they are not compared.");
      return;
    }
    PanelComparison panels =
        PanelComparison.of(
            people.get().ballots(), models.get().ballots(), analysis.rules().level());
    Table.Builder table =
        Table.of("people_and_models", "People and models on the first comparison")
            .column("quantity", "Quantity", Format.TEXT)
            .column("value", "Value", Format.NUMBER)
            .column("low", "Low", Format.NUMBER)
            .column("high", "High", Format.NUMBER)
            .column("p", "p (naive)", Format.P);
    rate(table, "decisive win rate, people", panels.first().found());
    rate(table, "decisive win rate, models", panels.second().found());
    Optional<Correlation> correlation = panels.correlation().found();
    table.row(
        Words.of("correlation of rates over %d prompts", panels.prompts()),
        correlation.map(Correlation::r).orElse(null),
        correlation.map(one -> one.interval().low()).orElse(null),
        correlation.map(one -> one.interval().high()).orElse(null),
        null);
    table.row(
        "the same, corrected for attenuation; above 1 where votes are few",
        panels.corrected().found().orElse(null),
        null,
        null,
        null);
    rate(
        table,
        Words.of(
            "prompts where both lean the same way (%d of %d)",
            panels.sameWay(), panels.sameWay() + panels.otherWay()),
        panels.direction().found());
    section
        .text(PanelComparison.ASSUMES + " [" + PanelComparison.REFERENCE + "]")
        .add(table.build());
  }

  private static void rate(Table.Builder table, String name, Optional<BinomialRate> rate) {
    table.row(
        name,
        rate.map(BinomialRate::rate).orElse(null),
        rate.map(one -> one.wilson().low()).orElse(null),
        rate.map(one -> one.wilson().high()).orElse(null),
        rate.map(BinomialRate::p).orElse(null));
  }
}
