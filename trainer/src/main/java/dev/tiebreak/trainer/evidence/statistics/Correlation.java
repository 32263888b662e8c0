package dev.tiebreak.trainer.evidence.statistics;

import dev.tiebreak.trainer.base.Words;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Pearson's correlation, with the interval of Fisher's z: atanh(r) is nearly normal with the
 * variance 1 / (n - 3).
 *
 * <p>Source: Fisher, "On the probable error of a coefficient of correlation", Metron 1 (1921).
 */
public record Correlation(int n, double r, Interval interval) {
  /** Computes it, with an interval of a level such as 0.95. */
  public static Finding<Correlation> of(double[] x, double[] y, double level) {
    if (x.length != y.length) {
      throw new IllegalArgumentException(Words.of("%d values and %d", x.length, y.length));
    }
    if (x.length < 4) {
      return Finding.none(Words.of("a correlation of %d values says nothing", x.length));
    }
    Sample ofX = Sample.of(x);
    Sample ofY = Sample.of(y);
    if (ofX.sd() == 0 || ofY.sd() == 0) {
      return Finding.none("one side is the same everywhere");
    }
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += (x[i] - ofX.mean()) * (y[i] - ofY.mean());
    }
    double r = Math.clamp(sum / (x.length - 1) / (ofX.sd() * ofY.sd()), -1, 1);
    return Finding.of(new Correlation(x.length, r, fisher(r, x.length, level)));
  }

  /** Fisher's interval of a correlation of n pairs, at least four. */
  public static Interval fisher(double r, int n, double level) {
    if (Math.abs(r) == 1) {
      return new Interval(level, r, r);
    }
    double z = Math.log((1 + r) / (1 - r)) / 2;
    double half =
        NormalDistribution.of(0, 1).inverseSurvivalProbability((1 - level) / 2)
            / Math.sqrt(n - 3.0);
    return new Interval(level, Math.tanh(z - half), Math.tanh(z + half));
  }
}
