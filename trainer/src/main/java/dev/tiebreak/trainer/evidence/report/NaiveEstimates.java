package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.evidence.statistics.Finding;
import dev.tiebreak.trainer.evidence.statistics.votes.BinomialRate;
import dev.tiebreak.trainer.evidence.statistics.votes.Tally;
import dev.tiebreak.trainer.evidence.statistics.votes.TieModel;
import java.util.List;

/** The figures that need nothing but counts, all of which take votes for independent. */
final class NaiveEstimates {
  private NaiveEstimates() {}

  static List<Estimate> of(Tally tally, double level) {
    Finding<BinomialRate> rate = BinomialRate.of(tally, level);
    return List.of(
        Method.BINOMIAL_WILSON.rate(
            rate, BinomialRate::rate, BinomialRate::wilson, BinomialRate::p),
        Method.BINOMIAL_CLOPPER_PEARSON.rate(
            rate, BinomialRate::rate, BinomialRate::clopperPearson, BinomialRate::p),
        ties(Method.DAVIDSON, TieModel.davidson(tally, level)),
        ties(Method.RAO_KUPPER, TieModel.raoKupper(tally, level)),
        Method.TIES_AS_HALF.count(tally.tiesAsHalf()),
        Method.NET_SHARE.count(tally.netShare()),
        Method.TIE_SHARE.count(tally.tieShare()));
  }

  private static Estimate ties(Method method, Finding<TieModel> model) {
    return method.rate(model, TieModel::rate, TieModel::interval, TieModel::p);
  }
}
