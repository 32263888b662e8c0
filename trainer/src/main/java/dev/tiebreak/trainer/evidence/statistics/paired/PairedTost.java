package dev.tiebreak.trainer.evidence.statistics.paired;

import dev.tiebreak.trainer.evidence.statistics.Interval;
import dev.tiebreak.trainer.evidence.statistics.Sample;

/**
 * Two one-sided t-tests on the differences of pairs: are they equal within a margin?
 *
 * <p>Source: Schuirmann, "A comparison of the two one-sided tests procedure and the power approach
 * for assessing the equivalence of average bioavailability", Journal of Pharmacokinetics and
 * Biopharmaceutics 15 (1987). The hypotheses are that the mean difference is at most -margin and
 * that it is at least +margin; when both are rejected at alpha, it lies within. That is the case
 * exactly when the (1 - 2 alpha) interval lies within the margin. It assumes that the differences
 * are independent and normal. The margin has to be fixed before the differences are seen.
 *
 * <p>That no difference is found is no evidence of a tie: only {@link Equivalence#EQUIVALENT} is.
 *
 * @param margin the largest difference that counts as none, above 0
 * @param alpha the risk of each test, such as 0.05
 * @param tLower (mean + margin) / standard error; NaN for a single difference
 * @param tUpper (mean - margin) / standard error; NaN for a single difference
 * @param pLower of the hypothesis that the mean is at most -margin; NaN for a single difference
 * @param pUpper of the hypothesis that the mean is at least +margin; NaN for a single difference
 * @param equivalenceInterval of the level 1 - 2 alpha: within the margin means equivalent
 * @param interval of the level 1 - alpha: without 0 means different
 * @param difference the ordinary two-sided test of the mean against 0
 * @param verdict what was shown
 */
public record PairedTost(
    Sample sample,
    double margin,
    double alpha,
    double tLower,
    double tUpper,
    double pLower,
    double pUpper,
    Interval equivalenceInterval,
    Interval interval,
    PairedTTest difference,
    Equivalence verdict) {

  /**
   * Tests differences.
   *
   * @throws IllegalArgumentException if there is none, one is not finite, the margin is not above 0
   *     or alpha is not between 0 and 0.5
   */
  public static PairedTost of(double[] differences, double margin, double alpha) {
    if (!(margin > 0)) {
      throw new IllegalArgumentException("the margin is " + margin + ", not above 0");
    }
    if (!(alpha > 0 && alpha < 0.5)) {
      throw new IllegalArgumentException("alpha is " + alpha + ", not between 0 and 0.5");
    }
    Sample sample = Sample.of(differences);
    int degrees = sample.n() - 1;
    double tLower = PairedTTest.t(sample, -margin);
    double tUpper = PairedTTest.t(sample, margin);
    double pLower = PairedTTest.upperTail(tLower, degrees);
    double pUpper = PairedTTest.upperTail(-tUpper, degrees);
    PairedTTest difference = PairedTTest.of(differences, 0);
    Equivalence verdict;
    if (sample.n() == 1) {
      verdict = Equivalence.CANNOT_BE_SHOWN;
    } else if (pLower < alpha && pUpper < alpha) {
      verdict = Equivalence.EQUIVALENT;
    } else {
      verdict = difference.p() < alpha ? Equivalence.DIFFERENT : Equivalence.INCONCLUSIVE;
    }
    return new PairedTost(
        sample,
        margin,
        alpha,
        tLower,
        tUpper,
        pLower,
        pUpper,
        PairedTTest.interval(sample, 1 - 2 * alpha),
        PairedTTest.interval(sample, 1 - alpha),
        difference,
        verdict);
  }

  /** The p of equivalence: the larger of both; NaN for a single difference. */
  public double p() {
    return Math.max(pLower, pUpper);
  }
}
