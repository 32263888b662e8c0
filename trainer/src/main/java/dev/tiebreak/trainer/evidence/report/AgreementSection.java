package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.ballot.JudgeKind;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.document.Format;
import dev.tiebreak.trainer.evidence.document.Section;
import dev.tiebreak.trainer.evidence.document.Table;
import dev.tiebreak.trainer.evidence.statistics.Correlation;
import dev.tiebreak.trainer.evidence.statistics.Finding;
import dev.tiebreak.trainer.evidence.statistics.votes.Agreement;
import dev.tiebreak.trainer.evidence.statistics.votes.BinomialRate;
import dev.tiebreak.trainer.evidence.statistics.votes.PanelComparison;
import java.util.Optional;

/** How far judges agree, within each kind and between people and models. */
final class AgreementSection {
  private static final Agreement NONE =
      new Agreement(Finding.none(""), Finding.none(""), 0, 0, 0, 0);

  private AgreementSection() {}

  static Section of(Analysis analysis) {
    Section.Builder section =
        Section.of("agreement", "Agreement")
            .text("1 is always, 0 as by chance. " + Agreement.BASIS);
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
      add(table, one.comparison().words(), Stratum.judges(one.kind()), Agreement.of(one.ballots()));
    }
    Comparison first = analysis.primary().comparison();
    if (analysis.strata().stream().filter(one -> one.comparison() == first).count() > 1) {
      add(table, first.words(), "all", Agreement.of(first.ballots(_ -> true)));
    }
    section.add(table.build());
  }

  private static void add(
      Table.Builder table, String comparison, String judges, Finding<Agreement> agreement) {
    Agreement one = agreement.found().orElse(NONE);
    table.row(
        comparison,
        judges,
        one.alpha().orNull(),
        one.items(),
        one.votes(),
        one.kappa().orNull(),
        one.kappaItems(),
        one.kappaVotes());
  }

  private static void between(Section.Builder section, Analysis analysis) {
    String comparison = analysis.primary().comparison().name();
    Optional<Stratum> people = analysis.stratum(comparison, JudgeKind.HUMAN);
    Optional<Stratum> models = analysis.stratum(comparison, JudgeKind.MODEL);
    if (people.isEmpty() || models.isEmpty()) {
      section.text(
          "People and models did not both judge the first comparison, so they are not compared.");
      return;
    }
    PanelComparison panels =
        PanelComparison.of(
            people.get().ballots(), models.get().ballots(), analysis.rules().level());
    section.text(PanelComparison.BASIS.toString()).add(table(panels));
  }

  private static Table table(PanelComparison panels) {
    Table.Builder table =
        Table.of("people_and_models", "People and models on the first comparison")
            .column("quantity", "Quantity", Format.TEXT)
            .column("value", "Value", Format.NUMBER)
            .column("interval", "Interval", Format.NUMBER)
            .column("p", "p (naive)", Format.P);
    rate(table, "decisive win rate, people", panels.first());
    rate(table, "decisive win rate, models", panels.second());
    table.row(
        Words.of("correlation of rates over %d prompts", panels.prompts()),
        panels.correlation().map(Correlation::r).orNull(),
        panels.correlation().map(Correlation::interval).orNull(),
        null);
    table.row(
        "the same, corrected for attenuation; above 1 where votes are few",
        panels.corrected().orNull(),
        null,
        null);
    rate(
        table,
        Words.of(
            "prompts where both lean the same way (%d of %d)",
            panels.sameWay(), panels.sameWay() + panels.otherWay()),
        panels.direction());
    return table.build();
  }

  private static void rate(Table.Builder table, String name, Finding<BinomialRate> rate) {
    table.row(
        name,
        rate.map(BinomialRate::rate).orNull(),
        rate.map(BinomialRate::wilson).orNull(),
        rate.map(BinomialRate::p).orNull());
  }
}
