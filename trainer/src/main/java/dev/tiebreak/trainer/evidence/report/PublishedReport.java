package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.chart.Histogram;
import dev.tiebreak.trainer.evidence.chart.Palette;
import dev.tiebreak.trainer.evidence.report.PublishedTotals.Count;
import dev.tiebreak.trainer.evidence.report.PublishedTotals.Split;
import dev.tiebreak.trainer.evidence.statistics.NullDistribution;
import dev.tiebreak.trainer.evidence.statistics.PanelSimulation;
import dev.tiebreak.trainer.evidence.statistics.PanelSimulation.NullRates;
import dev.tiebreak.trainer.evidence.statistics.PanelSimulation.Study;
import dev.tiebreak.trainer.evidence.statistics.PanelSimulation.Totals;
import dev.tiebreak.trainer.evidence.statistics.Tally;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.DoubleConsumer;
import java.util.function.ToDoubleFunction;

/**
 * The original study's published totals, examined: which whole numbers they stand for, whether they
 * agree with each other, and what prompts as clusters would do to their error. Not an analysis of
 * votes, which were not published.
 *
 * @param studies drawn at random for the reconstruction
 * @param nullStudies drawn for each rate of false rejections
 * @param seed of all of them
 */
public record PublishedReport(int studies, int nullStudies, long seed) {
  /** How many studies the command draws. */
  public static final int STUDIES = 400_000;

  /** How many it draws without a true difference. */
  public static final int NULL_STUDIES = 20_000;

  private static final int HUMAN_DECISIVE = 496; // in the middle of the splits that fit
  private static final double RATE_WITHIN = 0.012;
  private static final double CORRELATION_WITHIN = 0.02;
  private static final int QUANTILES = 100;

  /**
   * Makes the report.
   *
   * @param progress told the share that is done, now and then
   */
  public Report make(DoubleConsumer progress) {
    Totals totals =
        new Totals(
            PublishedTotals.PROMPTS,
            HUMAN_DECISIVE,
            PublishedTotals.DECISIVE - HUMAN_DECISIVE,
            (double) PublishedTotals.WINS / PublishedTotals.DECISIVE,
            PublishedTotals.CORRELATION);
    List<Study> kept =
        PanelSimulation.resembling(
            totals, RATE_WITHIN, CORRELATION_WITHIN, studies, seed, progress);
    if (kept.isEmpty()) {
      throw new IllegalStateException("no study of " + studies + " resembles the published totals");
    }
    double sd = quantile(kept, Study::sd, 0.5);
    NullRates rates = PanelSimulation.underNull(totals, sd, nullStudies, seed);
    double[] clustered = PanelSimulation.nullDistribution(totals, sd, nullStudies, seed);
    progress.accept(1);
    return new Report(
        "The original totals, examined",
        "Read: the totals of the original posts. This is a reconstruction from rounded totals; the"
            + " votes themselves were not published, and none are analysed here.",
        conclusion(kept, rates),
        summary(kept, rates),
        settings(kept.size()),
        List.of(consistency(), splits(), anchors(), clustering(kept, rates, clustered), unknown()));
  }

  private Map<String, Object> settings(int kept) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("seed", seed);
    settings.put("studies_drawn", studies);
    settings.put("studies_kept", kept);
    settings.put("null_studies", nullStudies);
    settings.put("prior", "mean rate uniform from 0.5 to 0.7, SD between prompts from 0 to 0.45");
    settings.put("kept_if", "rate within 1.2 points and correlation within 0.02 of the published");
    settings.put("human_decisive_assumed", HUMAN_DECISIVE);
    return settings;
  }

  private static Conclusion conclusion(List<Study> kept, NullRates rates) {
    return new Conclusion(
        Conclusion.Outcome.RECONSTRUCTION,
        "It says what the published totals are compatible with, not whether the method works.",
        List.of(
            "The published p of 2.8e-8 takes 784 votes for independent. The published agreement of both"
                + " panels over prompts (r = 0.78) says that they are not: prompts, or the one pair of"
                + " texts shown for each, decide much of it.",
            Words.of(
                "If so, the 784 votes are worth about %.0f, and the p is about %s (%s to %s), not 2.8e-8.",
                PublishedTotals.DECISIVE / quantile(kept, Study::designEffect, 0.5),
                Format.p(quantile(kept, Study::p, 0.5)),
                Format.p(quantile(kept, Study::p, 0.05)),
                Format.p(quantile(kept, Study::p, 0.95))),
            "With prompts as different as that and no true preference, the independent test would still"
                + Words.of(" find one in %s of studies.", Format.percent(rates.naive())),
            "One pair of models was trained. No analysis of its votes can tell the method from this pair."));
  }

  private List<String> summary(List<Study> kept, NullRates rates) {
    return List.of(
        "published           470 of 784 decisive votes (59.9 %), 397 ties of 1,181, p = 2.8e-8 (naive)",
        "between prompts     SD of the true rate " + range(kept, Study::sd, 1, "%.2f"),
        "design effect       " + range(kept, Study::designEffect, 1, "%.1f"),
        "clustered SE        " + range(kept, Study::se, 100, "%.1f") + " points, not 1.75",
        "clustered p         " + range(kept, Study::p, 1, "%.3f") + ", not 2.8e-8",
        Words.of(
            "no true preference  the naive test rejects in %s, the clustered in %s of studies",
            Format.percent(rates.naive()), Format.percent(rates.clustered())),
        Words.of(
            "                    and %s are as far from one half as the published rate",
            Format.percent(rates.asFar())),
        Words.of(
            "(medians, 5 %% to 95 %% of %,d simulated studies that resemble the published; seed %d)",
            kept.size(), seed));
  }

  private static String range(
      List<Study> kept, ToDoubleFunction<Study> of, double times, String format) {
    String all = format + " (" + format + " to " + format + ")";
    return Words.of(
        all,
        times * quantile(kept, of, 0.5),
        times * quantile(kept, of, 0.05),
        times * quantile(kept, of, 0.95));
  }

  private static double quantile(List<Study> kept, ToDoubleFunction<Study> of, double share) {
    double[] sorted = kept.stream().mapToDouble(of).sorted().toArray();
    return sorted[(int) Math.round(share * (sorted.length - 1))];
  }

  private static Section consistency() {
    Table.Builder table =
        Table.of("published_totals", "The published totals and the whole numbers behind them")
            .column("claim", "Claim", Format.TEXT)
            .column("whole_numbers", "Whole numbers", Format.TEXT)
            .column("exact_p", "Exact p", Format.P)
            .column("normal_p", "Normal p", Format.P)
            .column("consistent", "Consistent", Format.TEXT);
    for (Count count : PublishedTotals.finals()) {
      table.row(
          "59.9 % of 784, p = 2.80e-8", count.toString(), count.exactP(), count.normalP(), "yes");
    }
    table.row(
        "ties 33.6 % of 1,181",
        PublishedTotals.TIES + " of " + PublishedTotals.JUDGMENTS, null, null, "yes");
    table.row("81.2 % of 32 prompts", "26 of 32 (the same direction, not wins)", null, null, "yes");
    for (Count count : PublishedTotals.interims(false)) {
      table.row(
          "interim: 63.4 %, p = 1.98e-5",
          count.toString(), count.exactP(), count.normalP(), "only with the normal p");
    }
    boolean none = PublishedTotals.interims(true).isEmpty();
    return Section.of("consistency", "What is consistent")
        .text(
            "Rounded percentages and p's allow few whole numbers. The final totals have exactly one"
                + " solution, by the exact test.",
            none
                ? "The interim post calls its test a two-sided binomial. No whole numbers of up to 320"
                    + " judgments give its rate and its p by the exact test; the normal approximation"
                    + " fits. So the test changed between the posts."
                : "The interim rate and p fit whole numbers by the exact test.")
        .add(table.build())
        .build();
  }

  private static Section splits() {
    Table.Builder table =
        Table.of(
                "published_splits", "Splits into people and models that print as 60.5 % and 59.0 %")
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
        .text(
            Words.of(
                "%d splits of 470 of 784 are possible; which one is right cannot be known without the votes.",
                all.size()))
        .add(table.build())
        .build();
  }

  private static Section anchors() {
    Tally tally =
        new Tally(
            PublishedTotals.WINS,
            PublishedTotals.DECISIVE - PublishedTotals.WINS,
            PublishedTotals.TIES);
    return Section.of("anchors", "What totals alone allow")
        .text(
            "All of these take votes for independent, as the original did. They are here for"
                + " comparison, not because that is believed.")
        .add(EstimateTable.of("published_estimates", "Naive figures", RateEstimates.naive(tally)))
        .build();
  }

  private Section clustering(List<Study> kept, NullRates rates, double[] clustered) {
    Table.Builder table =
        Table.of("published_reconstruction", "What resembles the published totals")
            .column("quantity", "Quantity", Format.TEXT)
            .column("median", "Median", Format.NUMBER)
            .column("low", "5 %", Format.NUMBER)
            .column("high", "95 %", Format.NUMBER);
    row(table, "SD of the true rate between prompts", kept, Study::sd);
    row(table, "design effect", kept, Study::designEffect);
    row(
        table,
        "effective number of votes",
        kept,
        one -> PublishedTotals.DECISIVE / one.designEffect());
    row(table, "clustered standard error of the rate", kept, Study::se);
    row(table, "p, t-test over prompts", kept, Study::p);
    row(table, "prompts that favour the treatment", kept, Study::promptsFor);
    row(table, "p, sign test over prompts", kept, PublishedReport::signP);
    Table errors =
        Table.of("published_null", "If there were no true preference, but prompts differed as much")
            .column("what", "Share of studies", Format.TEXT)
            .column("share", "Share", Format.PERCENT)
            .row("the independent test rejects at 0.05", rates.naive())
            .row("the t-test over prompts rejects at 0.05", rates.clustered())
            .row("the rate is as far from one half as the published", rates.asFar())
            .build();
    double[] naive = NullDistribution.independent(PublishedTotals.DECISIVE, nullStudies, seed);
    return Section.of("clustering", "What clustering would do: a reconstruction")
        .text(
            "Studies of 32 prompts and two panels with 496 and 288 decisive votes are drawn at random."
                + " Both panels share each prompt's true rate, which follows a beta distribution. Kept"
                + " are those whose rate and whose correlation between panels resemble the published.",
            "The SD is a floor: if people and models differ in their true rates, or models move as a"
                + " block, prompts differ more. Judges add more error, which totals cannot show.")
        .add(table.build(), errors)
        .picture(
            "published-null",
            "Rates of decisive votes in simulated studies without any true preference. If votes were"
                + " independent, the published rate would be far outside; with prompts as different as"
                + " reconstructed, it is unusual but possible.",
            new Histogram(
                    "Null distributions of the rate",
                    "share of decisive votes for the treatment",
                    List.of(
                        new Histogram.Named("independent votes", Palette.kind(1), naive),
                        new Histogram.Named("prompts as clusters", Palette.kind(0), clustered)),
                    36,
                    OptionalDouble.of((double) PublishedTotals.WINS / PublishedTotals.DECISIVE),
                    "published")
                .svg(),
            quantiles(naive, clustered))
        .build();
  }

  private static Table quantiles(double[] naive, double[] clustered) {
    Table.Builder table =
        Table.of("published_null_distribution", "Quantiles of the null distributions")
            .column("share", "Share below", Format.PERCENT)
            .column("independent", "Independent", Format.PERCENT)
            .column("clustered", "Clustered", Format.PERCENT);
    for (int i = 1; i < QUANTILES; i++) {
      double share = (double) i / QUANTILES;
      table.row(share, at(naive, share), at(clustered, share));
    }
    return table.hidden();
  }

  private static double at(double[] sorted, double share) {
    return sorted[(int) (share * (sorted.length - 1))];
  }

  private static double signP(Study study) {
    int n = study.promptsFor() + study.promptsAgainst();
    return n == 0 ? 1 : new Count(study.promptsFor(), n).exactP();
  }

  private static void row(
      Table.Builder table, String name, List<Study> kept, ToDoubleFunction<Study> of) {
    table.row(name, quantile(kept, of, 0.5), quantile(kept, of, 0.05), quantile(kept, of, 0.95));
  }

  private static Section unknown() {
    return Section.of("unknown", "What cannot be known without the votes")
        .text(
            "How judges differ: whether a few of the 42 carry the result, and what is left without the"
                + " author, who was one of them.",
            "Which prompts carry it: 26 of 32 counts prompts where both panels lean the same way, not"
                + " prompts that favour the treatment.",
            "Position: whether sides were balanced, and how often the left text was chosen.",
            "Ties: the interim had 20.6 % (66 of 320), the final 33.6 %. If the interim votes are among"
                + " the final, the later ones had 38.4 %: the panel or the page changed.",
            "Texts: whether judges of a prompt all saw the same pair. If so, prompt and completion"
                + " cannot be told apart.",
            "Another training run: with one model each, the error between runs has no estimate at all.",
            "If you have the votes, give the table to tiebreak report: it takes CSV.")
        .build();
  }
}
