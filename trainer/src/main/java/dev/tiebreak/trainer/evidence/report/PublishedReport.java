package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.document.Block;
import dev.tiebreak.trainer.evidence.document.Facts;
import dev.tiebreak.trainer.evidence.document.Format;
import dev.tiebreak.trainer.evidence.statistics.power.PanelSimulation.NullRates;
import dev.tiebreak.trainer.evidence.statistics.power.PanelSimulation.Study;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleConsumer;

/**
 * The original study's published totals, examined: which whole numbers they stand for, whether they
 * agree with each other, and what prompts as clusters would do to their error. Not an analysis of
 * votes, which were not published.
 *
 * @param studies drawn at random for the reconstruction
 * @param nullStudies drawn for each rate of false rejections
 */
public record PublishedReport(int studies, int nullStudies, long seed) {
  /** How many studies the command draws. */
  public static final int STUDIES = 400_000;

  /** How many it draws without a true difference. */
  public static final int NULL_STUDIES = 20_000;

  private static final String P = Format.p(PublishedTotals.FINAL.exactP());

  /** Makes the report; progress is told the share that is done, now and then. */
  public Report make(DoubleConsumer progress) {
    Reconstruction drawn = Reconstruction.of(studies, nullStudies, seed, progress);
    progress.accept(1);
    return Report.of(
        "The original totals, examined",
        "Read: the totals of the original posts. This is a reconstruction from rounded totals; the"
            + " votes themselves were not published, and none are analysed here.",
        verdict(drawn),
        glance(drawn),
        settings(drawn.kept().size()),
        List.of(
            PublishedSections.consistency(),
            PublishedSections.splits(),
            PublishedSections.anchors(),
            PublishedSections.clustering(drawn, seed),
            PublishedSections.unknown()));
  }

  private Map<String, Object> settings(int kept) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put(Report.SEED, seed);
    settings.put("studies_drawn", studies);
    settings.put("studies_kept", kept);
    settings.put("null_studies", nullStudies);
    settings.put("prior", "mean rate uniform from 0.5 to 0.7, SD between prompts from 0 to 0.45");
    settings.put(
        "kept_if",
        Words.of(
            "rate within %s points and correlation within %s of the published",
            Format.points(Reconstruction.RATE_WITHIN), Reconstruction.CORRELATION_WITHIN));
    settings.put("human_decisive_assumed", Reconstruction.HUMAN_DECISIVE);
    return settings;
  }

  private static Verdict verdict(Reconstruction drawn) {
    return new Verdict(
        Verdict.Outcome.RECONSTRUCTION,
        "It says what the published totals are compatible with, not whether the method works.",
        List.of(
            Words.of(
                "The published p of %s takes %d votes for independent. The published agreement of both panels over prompts (r = %s) says that they are not: prompts, or the one pair of texts shown for each, decide much of it.",
                P, PublishedTotals.DECISIVE, PublishedTotals.CORRELATION),
            Words.of(
                "If so, the %d votes are worth about %.0f, and the p is about %s (%s to %s), not %s.",
                PublishedTotals.DECISIVE,
                drawn.median(Reconstruction::effectiveVotes),
                Format.p(drawn.median(Study::p)),
                Format.p(drawn.low(Study::p)),
                Format.p(drawn.high(Study::p)),
                P),
            Words.of(
                "With prompts as different as that and no true preference, the independent test would still find one in %s of studies.",
                Format.percent(drawn.nullRates().naive())),
            "One pair of models was trained. No analysis of its votes can tell the method from this pair."));
  }

  private List<Block> glance(Reconstruction drawn) {
    NullRates rates = drawn.nullRates();
    double naiveSe = Math.sqrt(PublishedTotals.FINAL.variance());
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put(
        "published",
        Words.of(
            "%s decisive votes (%s), %d ties of %,d, p = %s (naive)",
            PublishedTotals.FINAL,
            Format.percent(PublishedTotals.FINAL.rate()),
            PublishedTotals.TIES,
            PublishedTotals.JUDGMENTS,
            P));
    facts.put("between_prompts", "SD of the true rate " + drawn.words("%.2f", 1, Study::sd));
    facts.put("design_effect", drawn.words("%.1f", 1, Study::designEffect));
    facts.put(
        "clustered_SE",
        Words.of("%s points, not %.2f", drawn.words("%.1f", 100, Study::se), 100 * naiveSe));
    facts.put("clustered_p", Words.of("%s, not %s", drawn.words("%.3f", 1, Study::p), P));
    facts.put(
        "no_true_preference",
        Words.of(
            "the naive test rejects in %s, the clustered in %s of studies, and %s are as far from one half as the published rate",
            Format.percent(rates.naive()),
            Format.percent(rates.clustered()),
            Format.percent(rates.asFar())));
    return List.of(
        new Facts("glance", facts),
        new Block.Text(
            Words.of(
                "(medians, 5 %% to 95 %% of %,d simulated studies that resemble the published; seed %d)",
                drawn.kept().size(), seed)));
  }
}
