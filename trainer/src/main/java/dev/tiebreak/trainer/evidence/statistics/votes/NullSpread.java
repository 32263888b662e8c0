package dev.tiebreak.trainer.evidence.statistics.votes;

import dev.tiebreak.trainer.evidence.statistics.Basis;
import dev.tiebreak.trainer.evidence.statistics.Finding;
import dev.tiebreak.trainer.evidence.statistics.paired.PairedTTest;
import java.util.Collection;

/**
 * What the same pipeline finds where there is nothing to find, the rates of one baseline against
 * another of a different seed (A/A pairs), and whether the treatment's rate is farther from one
 * half than that explains.
 *
 * <p>Like is compared with like: the estimate is a mean over S pairs of models, so it is compared
 * with the error of a mean of S, not with single pairs of equal arms, which vary sqrt(S) times as
 * far. The variance between pairs is pooled over both kinds: the treatment's S rates about their
 * mean (S - 1 degrees of freedom) and the m rates of equal arms about one half (m):
 *
 * <pre>t = (mean - 1/2) / sqrt(pooled variance / S), with S - 1 + m degrees of freedom</pre>
 *
 * <p>Without equal arms it is the t-test over seed pairs; with many, few seeds can show more.
 *
 * @param equal how many A/A pairs there are
 * @param sd their standard deviation about one half
 * @param farthest the largest distance of one from one half
 * @param pooledSd the standard deviation between pairs of models of both kinds
 * @param t see above; likewise degrees
 * @param p two-sided
 */
public record NullSpread(
    int equal, double sd, double farthest, double pooledSd, double t, int degrees, double p) {
  public static final Basis BASIS =
      new Basis(
          "Without a difference, treatment and baseline would differ as two baselines of different "
              + "seeds do.",
          "Kohavi, Tang and Xu, Trustworthy online controlled experiments (2020), chapter 19; "
              + "Student, Biometrika 6 (1908), with a pooled variance");

  private static final double HALF = 0.5;

  /**
   * Compares rates of treatment against baseline with those of equal arms.
   *
   * @param rates one for each pair of models, two or more
   * @param equalRates of A/A pairs; which of both is called the treatment means nothing
   */
  public static Finding<NullSpread> of(Collection<Double> rates, double[] equalRates) {
    if (equalRates.length == 0) {
      return Finding.none("there are no pairs of two baselines");
    }
    int n = rates.size();
    if (n < 2) {
      return Finding.none("there is only one seed pair");
    }
    double mean = rates.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    double squares = rates.stream().mapToDouble(rate -> square(rate - mean)).sum();
    double equalSquares = 0;
    double farthest = 0;
    for (double rate : equalRates) {
      equalSquares += square(rate - HALF);
      farthest = Math.max(farthest, Math.abs(rate - HALF));
    }
    int m = equalRates.length;
    int degrees = n - 1 + m;
    double pooled = Math.sqrt((squares + equalSquares) / degrees);
    double t = mean == HALF ? 0 : (mean - HALF) / (pooled / Math.sqrt(n));
    return Finding.of(
        new NullSpread(
            m,
            Math.sqrt(equalSquares / m),
            farthest,
            pooled,
            t,
            degrees,
            2 * PairedTTest.upperTail(Math.abs(t), degrees)));
  }

  private static double square(double value) {
    return value * value;
  }
}
