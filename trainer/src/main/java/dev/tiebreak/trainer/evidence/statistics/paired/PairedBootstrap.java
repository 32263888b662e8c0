package dev.tiebreak.trainer.evidence.statistics.paired;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.statistics.Interval;
import dev.tiebreak.trainer.evidence.statistics.Randomness;
import dev.tiebreak.trainer.evidence.statistics.Sample;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Bootstrap of the mean difference of paired values that come in clusters, such as the tokens of
 * passages. Whole clusters are drawn with replacement, so however the values of one depend on each
 * other, the interval allows for it.
 *
 * <p>Source: Efron and Tibshirani, "An introduction to the bootstrap" (1993), chapters 8 and 13
 * (percentile interval); for clusters Davison and Hinkley, "Bootstrap methods and their
 * application" (1997), section 3.8. The interval speaks of other passages for the same models, not
 * of other models.
 *
 * @param estimate the mean difference over all values
 * @param se the standard deviation of the resamples' means
 * @param interval percentiles of the resamples' means
 */
public record PairedBootstrap(
    double estimate, double se, Interval interval, int clusters, long values, int resamples) {

  /**
   * Resamples.
   *
   * @param first (clusters, values in the cluster)
   * @param second of the same shape
   * @param level of the interval, such as 0.95
   * @throws IllegalArgumentException if the shapes differ, there is no value, or fewer than two
   *     resamples are asked for
   */
  public static PairedBootstrap of(
      double[][] first, double[][] second, int resamples, double level, long seed) {
    if (first.length != second.length || first.length == 0 || resamples < 2) {
      throw new IllegalArgumentException(
          Words.of("%d clusters with %d, %d resamples", first.length, second.length, resamples));
    }
    double[] sums = new double[first.length];
    long[] sizes = new long[first.length];
    for (int c = 0; c < first.length; c++) {
      double[] differences = Sample.differences(first[c], second[c]);
      sums[c] = Arrays.stream(differences).sum();
      sizes[c] = differences.length;
    }
    long values = Arrays.stream(sizes).sum();
    double[] means = resample(sums, sizes, resamples, Randomness.of(seed));
    Sample spread = Sample.of(means);
    Arrays.sort(means);
    Interval interval = Sample.percentiles(means, level);
    return new PairedBootstrap(
        Arrays.stream(sums).sum() / values, spread.sd(), interval, sums.length, values, resamples);
  }

  private static double[] resample(
      double[] sums, long[] sizes, int resamples, RandomGenerator random) {
    double[] means = new double[resamples];
    for (int r = 0; r < resamples; r++) {
      double sum = 0;
      long size = 0;
      for (int i = 0; i < sums.length; i++) {
        int c = random.nextInt(sums.length);
        sum += sums[c];
        size += sizes[c];
      }
      means[r] = sum / size;
    }
    return means;
  }
}
