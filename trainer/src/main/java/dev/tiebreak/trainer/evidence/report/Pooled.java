package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.evidence.document.Format;
import dev.tiebreak.trainer.evidence.document.Table;
import dev.tiebreak.trainer.evidence.statistics.votes.Ballot;
import dev.tiebreak.trainer.evidence.statistics.votes.BinomialRate;
import dev.tiebreak.trainer.evidence.statistics.votes.Tally;
import java.util.List;

/**
 * The line that the original study quoted: the judgments of everybody, people and models alike,
 * each taken for independent of all others, with the exact two-sided binomial test. It stands
 * beside the figures that keep them apart, to be compared with the published one.
 */
final class Pooled {
  private Pooled() {}

  static Table table(Analysis analysis) {
    Table.Builder table =
        Table.of("pooled", "Naive: people and models pooled, as the original counted")
            .column("comparison", "Comparison", Format.TEXT)
            .column("wins", "For", Format.COUNT)
            .column("decisive", "Decisive", Format.COUNT)
            .column("rate", "Rate", Format.PERCENT)
            .column("interval", "Wilson", Format.PERCENT)
            .column("naive_p", "Naive p", Format.P);
    double level = analysis.rules().level();
    for (Comparison one : analysis.rules().inOrder(analysis.everybody().comparisons())) {
      List<Ballot> all = one.ballots(_ -> true);
      BinomialRate.of(Tally.of(all), level)
          .found()
          .ifPresent(rate ->
              table.row(one.words(), rate.wins(), rate.n(), rate.rate(), rate.wilson(), rate.p()));
    }
    return table.build();
  }
}
