package dev.tiebreak.trainer.evidence.statistics.paired;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.statistics.Randomness;
import dev.tiebreak.trainer.evidence.statistics.Sample;
import java.util.random.RandomGenerator;

/**
 * Sign-flip test of paired differences, two-sided: if the names in each pair meant nothing, every
 * difference could as well have had the other sign. The p is the share of all 2^n patterns of signs
 * whose mean is at least as far from 0 as the one seen.
 *
 * <p>Source: Fisher, "The design of experiments" (1935), section 21. It assumes that differences
 * are symmetric about 0 under the hypothesis, but no distribution. With few pairs it cannot reach a
 * small p at all: the smallest is {@link #smallestP}.
 *
 * @param patterns how many patterns of signs were looked at
 * @param exact whether these were all
 */
public record SignFlip(int n, double mean, double p, long patterns, boolean exact) {
  /** Up to so many differences, all patterns are looked at. */
  public static final int MOST_FOR_ALL = 20;

  private static final double ROUNDING = 1e-12; // sums in another order may differ by that much

  /**
   * Tests differences by all patterns of signs.
   *
   * @throws IllegalArgumentException if there is no difference, or more than {@link #MOST_FOR_ALL}
   */
  public static SignFlip exact(double[] differences) {
    Sample sample = Sample.of(differences);
    int n = sample.n();
    if (n > MOST_FOR_ALL) {
      throw new IllegalArgumentException(
          Words.of("%d differences have too many patterns of signs; sample them", n));
    }
    double threshold = threshold(differences);
    long patterns = 1L << n;
    long asFar = 0;
    for (long pattern = 0; pattern < patterns; pattern++) {
      double sum = 0;
      for (int i = 0; i < n; i++) {
        sum += (pattern >> i & 1) == 0 ? differences[i] : -differences[i];
      }
      asFar += Math.abs(sum) >= threshold ? 1 : 0;
    }
    return new SignFlip(n, sample.mean(), (double) asFar / patterns, patterns, true);
  }

  /**
   * Tests differences by random patterns. With b of m patterns as far as the one seen, the p is (b
   * + 1) / (m + 1), which is never too small: Phipson and Smyth, "Permutation p-values should never
   * be zero", Statistical Applications in Genetics and Molecular Biology 9 (2010).
   *
   * @param patterns how many to draw
   * @throws IllegalArgumentException if there is no difference, or fewer than one pattern
   */
  public static SignFlip sampled(double[] differences, int patterns, long seed) {
    if (patterns < 1) {
      throw new IllegalArgumentException("the number of patterns is " + patterns);
    }
    Sample sample = Sample.of(differences);
    double threshold = threshold(differences);
    RandomGenerator random = Randomness.of(seed);
    long asFar = 0;
    for (int pattern = 0; pattern < patterns; pattern++) {
      double sum = 0;
      for (double difference : differences) {
        sum += random.nextBoolean() ? difference : -difference;
      }
      asFar += Math.abs(sum) >= threshold ? 1 : 0;
    }
    double p = (asFar + 1.0) / (patterns + 1.0);
    return new SignFlip(sample.n(), sample.mean(), p, patterns, false);
  }

  private static double threshold(double[] differences) {
    double sum = 0;
    double size = 0;
    for (double difference : differences) {
      sum += difference;
      size += Math.abs(difference);
    }
    return Math.abs(sum) - ROUNDING * size;
  }

  /** The smallest p that so many differences can have: 2 / 2^n. */
  public static double smallestP(int n) {
    return 2 * Math.scalb(1.0, -n);
  }
}
