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
import java.util.Map;

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

  /** Decisive win rates of comparisons of equal arms, one for each pair of models. */
  static double[] sameRates(Analysis analysis) {
    return analysis.same().stream()
        .flatMap(one -> bySeed(one).values().stream())
        .flatMap(tally -> tally.rate().found().stream())
        .mapToDouble(Double::doubleValue)
        .toArray();
  }

  private static Map<Integer, Tally> bySeed(Stratum stratum) {
    return Tally.by(Factor.SEED_PAIR, stratum.ballots());
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
    double estimate = analysis.primary().tally().rate().found().orElse(0.5);
    double[] rates = sameRates(analysis);
    section
        .text(
            "Two models of one arm, trained from different seeds, went through the same judging. Any"
                + " preference here is chance or the difference between training runs.")
        .add(equalArms(analysis));
    NullSpread.of(rates, estimate)
        .found()
        .ifPresent(spread ->
            section.say(
                "These rates have an SD of %s points about one half; the farthest is %s points away. Of %d, so many are as far from one half as the estimate that p = %s (Phipson and Smyth 2010). %s",
                Format.points(spread.sd()),
                Format.points(spread.farthest()),
                rates.length,
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
      bySeed(one)
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
