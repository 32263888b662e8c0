package dev.tiebreak.trainer.evidence.statistics.votes;

import dev.tiebreak.trainer.evidence.statistics.Basis;
import dev.tiebreak.trainer.evidence.statistics.Finding;
import dev.tiebreak.trainer.evidence.statistics.Interval;
import dev.tiebreak.trainer.evidence.statistics.fit.Logistic;
import java.util.function.Supplier;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Two ways to let ties count, for two items: with both, the three shares determine the two
 * parameters, so the maximum of the likelihood has a closed form.
 *
 * <ul>
 *   <li>Davidson: P(win) : P(loss) : P(tie) = a : b : nu sqrt(a b). Then log(a / b) = log(W / L)
 *       with the variance 1 / W + 1 / L, and nu = T / sqrt(W L).
 *   <li>Rao and Kupper: P(win) = a / (a + theta b), P(loss) = b / (theta a + b): a tie is a
 *       difference below a threshold. Then log(a / b) is half the difference of the logits of the
 *       shares of wins and losses, and log theta minus half their sum; the variance is by the delta
 *       method from the multinomial's.
 * </ul>
 *
 * @param logOdds log(a / b), 0 if both are as good
 * @param se its standard error, if votes were independent
 * @param tieParameter Davidson's nu (0 without ties) or Rao and Kupper's theta (1 without ties)
 * @param p two-sided, by Wald's test
 * @param rate a / (a + b): how often the treatment would win if there were no ties
 * @param interval of the rate
 */
public record TieModel(
    String name,
    double logOdds,
    double se,
    double tieParameter,
    double p,
    double rate,
    Interval interval) {
  public static final Basis BASIS =
      new Basis(
          "Ties depend on nothing but how close both are, and votes are independent of each other.",
          "Davidson, JASA 65 (1970); Rao and Kupper, JASA 62 (1967)");

  public static Finding<TieModel> davidson(Tally tally, double level) {
    return bothWin(
        tally,
        () -> {
          double w = tally.wins();
          double l = tally.losses();
          double se = Math.sqrt(1 / w + 1 / l);
          return of("Davidson", Math.log(w / l), se, tally.ties() / Math.sqrt(w * l), level);
        });
  }

  public static Finding<TieModel> raoKupper(Tally tally, double level) {
    return bothWin(
        tally,
        () -> {
          double n = tally.total();
          double w = tally.wins() / n;
          double l = tally.losses() / n;
          double logitW = Math.log(w / (1 - w));
          double logitL = Math.log(l / (1 - l));
          double variance =
              (1 / (w * (1 - w)) + 1 / (l * (1 - l)) + 2 / ((1 - w) * (1 - l))) / (4 * n);
          double theta = Math.exp(-(logitW + logitL) / 2);
          return of("Rao-Kupper", (logitW - logitL) / 2, Math.sqrt(variance), theta, level);
        });
  }

  private static Finding<TieModel> bothWin(Tally tally, Supplier<TieModel> model) {
    if (tally.decisive() == 0) {
      return tally.rate().map(_ -> null);
    }
    return tally.wins() == 0 || tally.losses() == 0
        ? Finding.none("one side won no vote at all, so the log-odds have no limit")
        : Finding.of(model.get());
  }

  private static TieModel of(
      String name, double logOdds, double se, double tieParameter, double level) {
    NormalDistribution normal = NormalDistribution.of(0, 1);
    double z = normal.inverseSurvivalProbability((1 - level) / 2);
    Interval interval =
        new Interval(level, Logistic.chance(logOdds - z * se), Logistic.chance(logOdds + z * se));
    return new TieModel(
        name,
        logOdds,
        se,
        tieParameter,
        2 * normal.survivalProbability(Math.abs(logOdds) / se),
        Logistic.chance(logOdds),
        interval);
  }
}
