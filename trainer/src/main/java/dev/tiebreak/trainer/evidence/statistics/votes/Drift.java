package dev.tiebreak.trainer.evidence.statistics.votes;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.statistics.Basis;
import dev.tiebreak.trainer.evidence.statistics.Finding;
import dev.tiebreak.trainer.evidence.statistics.fit.Logistic;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Whether the votes change over time: a logistic trend from the first vote to the last, with errors
 * clustered by judge.
 *
 * @param change of the log-odds from the first to the last vote
 * @param p two-sided, of no change
 * @param early the rate that the trend has at the first vote
 */
public record Drift(double change, double se, double p, double early, double late) {
  public static final Basis BASIS =
      new Basis(
          "The log-odds change along a line over time, and judges are independent.",
          "McCullagh and Nelder, Generalized linear models (1989); Liang and Zeger, Biometrika 73 (1986)");

  /** The trend of the preference for the treatment; times are in any unit. */
  public static Finding<Drift> of(List<Ballot> ballots, double[] times) {
    if (times.length != ballots.size()) {
      throw new IllegalArgumentException(
          Words.of("%d votes and %d times", ballots.size(), times.length));
    }
    int[] decisive =
        IntStream.range(0, times.length).filter(i -> ballots.get(i).isDecisive()).toArray();
    if (decisive.length == 0) {
      return Tally.of(ballots).rate().map(_ -> null);
    }
    List<Ballot> kept = Arrays.stream(decisive).mapToObj(ballots::get).toList();
    if (Factor.JUDGE.count(kept) < 2) {
      return Finding.none("the decisive votes have only one judge");
    }
    double first = Double.MAX_VALUE;
    double last = -Double.MAX_VALUE;
    for (int i : decisive) {
      first = Math.min(first, times[i]);
      last = Math.max(last, times[i]);
    }
    if (!(last > first)) {
      return Finding.none("all votes have the same time");
    }
    double[][] x = new double[decisive.length][];
    boolean[] y = new boolean[decisive.length];
    for (int k = 0; k < x.length; k++) {
      x[k] = new double[] {1, (times[decisive[k]] - first) / (last - first)};
      y[k] = kept.get(k).outcome() > 0;
    }
    return Logistic.of(x, y, Factor.JUDGE.compact(kept))
        .map(fit -> {
          double change = fit.coefficients()[1];
          double early = fit.coefficients()[0];
          double se = fit.se(1);
          double p =
              2 * TDistribution.of(fit.clusters() - 1).survivalProbability(Math.abs(change) / se);
          return new Drift(change, se, p, Logistic.chance(early), Logistic.chance(early + change));
        });
  }
}
