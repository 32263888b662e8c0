package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.document.Format;
import dev.tiebreak.trainer.evidence.document.Section;
import dev.tiebreak.trainer.evidence.document.Table;
import dev.tiebreak.trainer.evidence.report.PublishedTotals.Count;
import dev.tiebreak.trainer.evidence.report.PublishedTotals.Split;
import dev.tiebreak.trainer.evidence.statistics.power.PanelSimulation.Study;
import dev.tiebreak.trainer.evidence.statistics.votes.NullDistribution;
import dev.tiebreak.trainer.evidence.statistics.votes.Tally;
import java.util.List;

/** What the report about the published totals says, section by section. */
final class PublishedSections {
  private PublishedSections() {}

  /** Which whole numbers the totals stand for. */
  static Section consistency() {
    return Section.of("consistency", "What is consistent")
        .text(
            "Rounded percentages and p's allow few whole numbers. The final totals have exactly one"
                + " solution, by the exact test.",
            PublishedTotals.interims(true).isEmpty()
                ? Words.of(
                    "The interim post calls its test a two-sided binomial. No whole numbers of up to %d judgments give its rate and its p by the exact test; the normal approximation fits. So the test changed between the posts.",
                    PublishedTotals.INTERIM_JUDGMENTS)
                : "The interim rate and p fit whole numbers by the exact test.")
        .add(totals())
        .build();
  }

  private static Table totals() {
    Table.Builder table =
        Table.of("published_totals", "The published totals and the whole numbers behind them")
            .column("claim", "Claim", Format.TEXT)
            .column("whole_numbers", "Whole numbers", Format.TEXT)
            .column("exact_p", "Exact p", Format.P)
            .column("normal_p", "Normal p", Format.P)
            .column("consistent", "Consistent", Format.TEXT);
    for (Count count : PublishedTotals.finals()) {
      counts(table, PublishedTotals.FINAL_CLAIM, count, "yes");
    }
    table.row(
        PublishedTotals.TIES_CLAIM,
        PublishedTotals.TIES + " of " + PublishedTotals.JUDGMENTS,
        null,
        null,
        "yes");
    table.row(
        PublishedTotals.DIRECTION_CLAIM,
        Words.of(
            "%d of %d (the same direction, not wins)",
            PublishedTotals.SAME_DIRECTION, PublishedTotals.PROMPTS),
        null,
        null,
        "yes");
    for (Count count : PublishedTotals.interims(false)) {
      counts(table, PublishedTotals.INTERIM_CLAIM, count, "only with the normal p");
    }
    return table.build();
  }

  private static void counts(Table.Builder table, String claim, Count count, String consistent) {
    table.row(claim, count.toString(), count.exactP(), count.normalP(), consistent);
  }

  /** Which people and models there may have been. */
  static Section splits() {
    Table.Builder table =
        Table.of("published_splits", "Splits into people and models that print as published")
            .column("human_wins", "People: wins", Format.COUNT)
            .column("human_decisive", "of", Format.COUNT)
            .column("human_p", "naive p", Format.P)
            .column("model_wins", "Models: wins", Format.COUNT)
            .column("model_decisive", "of", Format.COUNT)
            .column("model_p", "naive p", Format.P)
            .column("gap", "Gap", Format.PERCENT);
    List<Split> all = PublishedTotals.splits();
    for (Split split : all) {
      table.row(
          split.humans().wins(),
          split.humans().decisive(),
          split.humans().exactP(),
          split.models().wins(),
          split.models().decisive(),
          split.models().exactP(),
          split.humans().rate() - split.models().rate());
    }
    return Section.of("splits", "People and models")
        .say(
            "%d splits of %s are possible; which one is right cannot be known without the votes.",
            all.size(), PublishedTotals.FINAL)
        .add(table.build())
        .build();
  }

  /** The naive figures. */
  static Section anchors() {
    Count all = PublishedTotals.FINAL;
    Tally tally = new Tally(all.wins(), all.decisive() - all.wins(), PublishedTotals.TIES);
    return Section.of("anchors", "What totals alone allow")
        .text(
            "All of these take votes for independent, as the original did. They are here for"
                + " comparison, not because that is believed.")
        .add(
            EstimateSection.table(
                "published_estimates", "Naive figures", Method.naive(tally, 0.95)))
        .build();
  }

  /** What clustering does, by simulated studies. */
  static Section clustering(Reconstruction drawn, long seed) {
    Section.Builder section =
        Section.of("clustering", "What clustering would do: a reconstruction")
            .text(
                Words.of(
                    "Studies of %d prompts and two panels with %d and %d decisive votes are drawn at random. Both panels share each prompt's true rate, which follows a beta distribution. Kept are those whose rate and whose correlation between panels resemble the published.",
                    PublishedTotals.PROMPTS,
                    Reconstruction.HUMAN_DECISIVE,
                    PublishedTotals.DECISIVE - Reconstruction.HUMAN_DECISIVE),
                "The SD is a floor: if people and models differ in their true rates, or models move as a"
                    + " block, prompts differ more. Judges add more error, which totals cannot show.")
            .add(reconstruction(drawn), errors(drawn));
    double[] clustered = drawn.nullRates().rates();
    double[] naive = NullDistribution.independent(PublishedTotals.DECISIVE, clustered.length, seed);
    new NullFigure(naive, clustered, PublishedTotals.FINAL.rate(), "published")
        .addTo(
            section,
            "published-null-distribution",
            "Rates of decisive votes in simulated studies without any true preference. If votes were"
                + " independent, the published rate would be far outside; with prompts as different as"
                + " reconstructed, it is unusual but possible.");
    return section.build();
  }

  private static Table reconstruction(Reconstruction drawn) {
    Table.Builder table =
        Table.of("published_reconstruction", "What resembles the published totals")
            .column("quantity", "Quantity", Format.TEXT)
            .column("median", "Median", Format.NUMBER)
            .column("low", "5 %", Format.NUMBER)
            .column("high", "95 %", Format.NUMBER);
    drawn.row(table, "SD of the true rate between prompts", Study::sd);
    drawn.row(table, "design effect", Study::designEffect);
    drawn.row(table, "effective number of votes", Reconstruction::effectiveVotes);
    drawn.row(table, "clustered standard error of the rate", Study::se);
    drawn.row(table, "p, t-test over prompts", Study::p);
    drawn.row(table, "prompts that favour the treatment", Study::promptsFor);
    drawn.row(table, "p, sign test over prompts", Reconstruction::signP);
    return table.build();
  }

  private static Table errors(Reconstruction drawn) {
    return Table.of(
            "published_null", "If there were no true preference, but prompts differed as much")
        .column("what", "Share of studies", Format.TEXT)
        .column("share", "Share", Format.PERCENT)
        .row("the independent test rejects at 0.05", drawn.nullRates().naive())
        .row("the t-test over prompts rejects at 0.05", drawn.nullRates().clustered())
        .row("the rate is as far from one half as the published", drawn.nullRates().asFar())
        .build();
  }

  /** What only the votes could tell. */
  static Section unknown() {
    return Section.of("unknown", "What cannot be known without the votes")
        .items(
            List.of(
                "How judges differ: whether a few of the 42 carry the result, and what is left without the"
                    + " author, who was one of them.",
                Words.of(
                    "Which prompts carry it: %d of %d counts prompts where both panels lean the same way, not prompts that favour the treatment.",
                    PublishedTotals.SAME_DIRECTION, PublishedTotals.PROMPTS),
                "Position: whether sides were balanced, and how often the left text was chosen.",
                "Ties: the interim had 20.6 % (66 of 320), the final 33.6 %. If the interim votes are among"
                    + " the final, the later ones had 38.4 %: the panel or the page changed.",
                "Texts: whether judges of a prompt all saw the same pair. If so, prompt and completion"
                    + " cannot be told apart.",
                "Another training run: with one model each, the error between runs has no estimate at all.",
                "If you have the votes, give the table to tiebreak report: it takes CSV."))
        .build();
  }
}
