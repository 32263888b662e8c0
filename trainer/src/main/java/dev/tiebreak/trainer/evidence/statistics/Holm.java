package dev.tiebreak.trainer.evidence.statistics;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Correction for several tests by stepping down: with p's in rising order, the i-th of m (from 0)
 * is multiplied by m - i, and none may be below the one before it.
 *
 * <p>Source: Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal
 * of Statistics 6 (1979). It keeps the risk of one or more false rejections at alpha, however the
 * tests depend on each other.
 */
public final class Holm {
  private Holm() {}

  /**
   * Adjusted p's: those below alpha are rejected.
   *
   * @param ps of the tests of one family, in any order
   * @return in the same order
   * @throws IllegalArgumentException if one is not between 0 and 1
   */
  public static double[] adjust(double... ps) {
    for (double p : ps) {
      if (!(p >= 0 && p <= 1)) {
        throw new IllegalArgumentException("a p is " + p + ", not between 0 and 1");
      }
    }
    int[] rising =
        IntStream.range(0, ps.length)
            .boxed()
            .sorted((a, b) -> Double.compare(ps[a], ps[b]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] adjusted = Arrays.copyOf(ps, ps.length);
    double least = 0;
    for (int i = 0; i < rising.length; i++) {
      least = Math.max(least, Math.min(1, (ps.length - i) * ps[rising[i]]));
      adjusted[rising[i]] = least;
    }
    return adjusted;
  }
}
