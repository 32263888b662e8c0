package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.document.Format;
import dev.tiebreak.trainer.evidence.document.Section;
import dev.tiebreak.trainer.evidence.document.Table;
import dev.tiebreak.trainer.evidence.statistics.Finding;
import dev.tiebreak.trainer.evidence.statistics.votes.Ballot;
import dev.tiebreak.trainer.evidence.statistics.votes.Factor;
import dev.tiebreak.trainer.evidence.statistics.votes.NullDistribution;
import dev.tiebreak.trainer.evidence.statistics.votes.NullSpread;
import dev.tiebreak.trainer.evidence.statistics.votes.Tally;
import java.util.List;

/** What would be seen if there were nothing to see: by resampling, and by equal arms. */
final class NullSection {
  private static final int STUDIES = 10_000;

  private NullSection() {}

  static Section of(Analysis analysis) {
    Section.Builder section = Section.of("null", "If there were no preference");
    distribution(section, analysis);
    same(section, analysis);
    return section.build();
  }

  private static void distribution(Section.Builder section, Analysis analysis) {
    List<Ballot> ballots = analysis.primary().ballots();
    Tally tally = Tally.of(ballots);
    long seed = analysis.rules().seed();
    if (!(NullDistribution.clustered(ballots, Factor.PROMPT, STUDIES, seed)
        instanceof Finding.Known<double[]>(double[] clustered))) {
      section.text("There are no decisive votes, so there is no distribution to draw.");
      return;
    }
    double[] naive = NullDistribution.independent(tally.decisive(), STUDIES, seed);
    double rate = (double) tally.wins() / tally.decisive();
    new NullFigure(naive, clustered, rate, "seen")
        .addTo(
            section,
            "null-distribution",
            "Rates that could be seen if judges had no preference: for independent votes, and for these"
                + Words.of(
                    " votes with the names of both arms exchanged for whole prompts at random (%,d draws).",
                    STUDIES));
  }

  private static void same(Section.Builder section, Analysis analysis) {
    if (analysis.same().isEmpty()) {
      section.text(
          "No comparison of equal arms was judged. Without one, nothing shows how far two training runs"
              + " of the same method differ, and a preference may be for one checkpoint over another.");
      return;
    }
    section
        .text(
            "Two models of one arm, trained from different seeds, went through the same judging. Any"
                + " preference here is chance or the difference between training runs.")
        .add(equalArms(analysis));
    analysis
        .primary()
        .preference()
        .equalArms()
        .ifPresent(spread ->
            section.say(
                "These %d rates have an SD of %s points about one half; the farthest is %s points away. The estimate is a mean of several pairs of models, so it is compared with the error of such a mean: with the variance between pairs pooled over treatment and equal arms (SD %s points), t(%d) = %s, p = %s. %s",
                spread.equal(),
                Format.points(spread.sd()),
                Format.points(spread.farthest()),
                Format.points(spread.pooledSd()),
                spread.degrees(),
                Format.number(spread.t()),
                Format.p(spread.p()),
                NullSpread.BASIS.assumes()));
  }

  private static Table equalArms(Analysis analysis) {
    Table.Builder table =
        Table.of("equal_arms", "Comparisons of equal arms: the empirical null")
            .column("comparison", "Comparison", Format.TEXT)
            .column("seed_pair", "Seeds", Format.TEXT)
            .column("decisive", "Decisive", Format.COUNT)
            .column("rate", "Rate", Format.PERCENT);
    for (Stratum one : analysis.same()) {
      Tally.by(Factor.SEED_PAIR, one.ballots())
          .forEach((seed, tally) ->
              table.row(
                  one.comparison().words(),
                  analysis.judgments().seedPairs().name(seed),
                  tally.decisive(),
                  tally.rate().orNull()));
    }
    return table.build();
  }
}
