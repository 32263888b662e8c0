package dev.tiebreak.trainer.evidence.statistics.paired;

import dev.tiebreak.trainer.evidence.statistics.Interval;
import dev.tiebreak.trainer.evidence.statistics.Sample;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Student's t-test on the differences of pairs, two-sided, against a hypothetical mean.
 *
 * <p>Source: Student, "The probable error of a mean", Biometrika 6 (1908). It assumes that the
 * differences are independent and normal. Differences that are all equal leave no error to compare
 * with: t is then infinite (or 0, when they equal the hypothesis), as its limit is.
 *
 * @param sample the differences
 * @param hypothesis the mean that is tested
 * @param t (mean - hypothesis) / standard error; NaN for a single difference
 * @param p two-sided; NaN for a single difference, which can show nothing
 */
public record PairedTTest(Sample sample, double hypothesis, double t, double p) {
  /**
   * Tests differences.
   *
   * @throws IllegalArgumentException if there is none, or one is not finite
   */
  public static PairedTTest of(double[] differences, double hypothesis) {
    Sample sample = Sample.of(differences);
    double t = t(sample, hypothesis);
    return new PairedTTest(sample, hypothesis, t, 2 * upperTail(Math.abs(t), sample.n() - 1));
  }

  public static double t(Sample sample, double hypothesis) {
    double distance = sample.mean() - hypothesis;
    return distance == 0 && sample.n() > 1 ? 0 : distance / sample.se();
  }

  /** P(T &gt; t) for Student's t; NaN without degrees of freedom. */
  public static double upperTail(double t, int degrees) {
    if (degrees < 1 || Double.isNaN(t)) {
      return Double.NaN;
    }
    if (Double.isInfinite(t)) {
      return t > 0 ? 0 : 1;
    }
    return TDistribution.of(degrees).survivalProbability(t);
  }

  /** The mean's confidence interval; its ends are NaN for a single difference. */
  public Interval interval(double level) {
    return interval(sample, level);
  }

  public static Interval interval(Sample sample, double level) {
    if (sample.n() < 2) {
      return new Interval(level, Double.NaN, Double.NaN);
    }
    double t = TDistribution.of(sample.n() - 1).inverseSurvivalProbability((1 - level) / 2);
    double half = t * sample.se();
    return new Interval(level, sample.mean() - half, sample.mean() + half);
  }
}
