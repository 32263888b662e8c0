package dev.tiebreak.trainer.evidence.statistics.votes;

import dev.tiebreak.trainer.evidence.statistics.Finding;
import dev.tiebreak.trainer.evidence.statistics.Randomness;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Decisive win rates that could be seen if there were no preference: of independent votes, and of
 * votes whose clusters keep what they have in common while the names of treatment and control are
 * exchanged for whole clusters at random.
 *
 * <p>Source: Fisher, "The design of experiments" (1935), section 21.
 */
public final class NullDistribution {
  private NullDistribution() {}

  /** Rates of studies with so many independent decisive votes, rising. */
  public static double[] independent(long votes, int studies, long seed) {
    RandomGenerator random = Randomness.of(seed);
    double[] rates = new double[studies];
    for (int i = 0; i < studies; i++) {
      long wins = 0;
      for (long left = votes; left > 0; left -= Long.SIZE) {
        long bits = random.nextLong();
        wins += Long.bitCount(left < Long.SIZE ? bits & ((1L << left) - 1) : bits);
      }
      rates[i] = (double) wins / votes;
    }
    Arrays.sort(rates);
    return rates;
  }

  /** Rates of the same votes with the names exchanged for whole clusters, rising. */
  public static Finding<double[]> clustered(
      List<Ballot> ballots, Factor factor, int studies, long seed) {
    Tally all = Tally.of(ballots);
    if (all.decisive() == 0) {
      return all.rate().map(_ -> null);
    }
    long[] nets = Tally.by(factor, ballots).values().stream().mapToLong(Tally::net).toArray();
    RandomGenerator random = Randomness.of(seed);
    double[] rates = new double[studies];
    for (int i = 0; i < studies; i++) {
      long sum = 0;
      for (long net : nets) {
        sum += random.nextBoolean() ? net : -net;
      }
      rates[i] = 0.5 + sum / (2.0 * all.decisive());
    }
    Arrays.sort(rates);
    return Finding.of(rates);
  }
}
