package dev.tiebreak.trainer.evidence.statistics.votes;

import dev.tiebreak.trainer.evidence.statistics.Basis;
import dev.tiebreak.trainer.evidence.statistics.Finding;
import java.util.Arrays;

/**
 * What the same pipeline finds where there is nothing to find: the rates of one baseline against
 * another of a different seed (A/A pairs), and how the estimate compares.
 *
 * @param rates of the A/A pairs; which of both is called the treatment means nothing
 * @param sd their standard deviation about one half
 * @param farthest the largest distance of one from one half
 * @param estimate the rate that is compared with them
 * @param p (b + 1) / (m + 1), where b of the m rates are at least as far from one half
 */
public record NullSpread(double[] rates, double sd, double farthest, double estimate, double p) {
  public static final Basis BASIS =
      new Basis(
          "Without a difference, treatment and baseline would differ as two baselines of different "
              + "seeds do.",
          "Kohavi, Tang and Xu, Trustworthy online controlled experiments (2020), chapter 19; "
              + "Phipson and Smyth, Statistical Applications in Genetics and Molecular Biology 9 (2010)");

  private static final double HALF = 0.5;

  /** Compares an estimate with the rates of A/A pairs. */
  public static Finding<NullSpread> of(double[] rates, double estimate) {
    if (rates.length == 0) {
      return Finding.none("there are no pairs of two baselines");
    }
    double squares = 0;
    double farthest = 0;
    int asFar = 0;
    for (double rate : rates) {
      double distance = Math.abs(rate - HALF);
      squares += distance * distance;
      farthest = Math.max(farthest, distance);
      asFar += distance >= Math.abs(estimate - HALF) - 1e-12 ? 1 : 0;
    }
    return Finding.of(
        new NullSpread(
            Arrays.copyOf(rates, rates.length),
            Math.sqrt(squares / rates.length),
            farthest,
            estimate,
            (asFar + 1.0) / (rates.length + 1.0)));
  }

  /** Whether some pair of baselines is as far from one half as the estimate is. */
  public boolean covers() {
    return farthest >= Math.abs(estimate - HALF) - 1e-12;
  }
}
