package dev.tiebreak.trainer.statistics;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Rates of clusters, drawn towards the mean of all as far as their own votes are few: small
 * clusters otherwise look extreme by chance alone. Empirical Bayes for normal means: the variance
 * between clusters is what is left of their spread beyond that of single votes.
 *
 * <p>Sources: Morris, "Parametric empirical Bayes inference", JASA 78 (1983); for the variance
 * between clusters DerSimonian and Laird, "Meta-analysis in clinical trials", Controlled Clinical
 * Trials 7 (1986). The intervals take mean and variance between clusters for known.
 *
 * @param mean share of wins among all decisive votes
 * @param sd between clusters, beyond the error of their votes; 0 if there is no more
 * @param levels by the numbers of the clusters, in their order; those without decisive votes are
 *     left out
 */
public record Shrinkage(double mean, double sd, Map<Integer, Level> levels) {
  private static final double Z = 1.959964;

  /**
   * One cluster.
   *
   * @param votes decisive ones
   * @param raw its own rate
   * @param shrunk drawn towards the mean
   * @param interval of 95 %, cut off at 0 and 1
   */
  public record Level(long votes, double raw, double shrunk, Interval interval) {}

  /** Computes it. */
  public static Finding<Shrinkage> of(Map<Integer, Tally> clusters) {
    Tally all = clusters.values().stream().reduce(Tally.NONE, Tally::plus);
    return all.rate().map(mean -> of(clusters, mean));
  }

  private static Shrinkage of(Map<Integer, Tally> clusters, double mean) {
    double noise = mean * (1 - mean); // of one vote
    double weights = 0;
    double squares = 0;
    double q = 0;
    int n = 0;
    for (Tally tally : clusters.values()) {
      if (tally.decisive() > 0 && noise > 0) {
        double weight = tally.decisive() / noise;
        double rate = (double) tally.wins() / tally.decisive();
        weights += weight;
        squares += weight * weight;
        q += weight * (rate - mean) * (rate - mean);
        n++;
      }
    }
    double scale = weights - squares / weights;
    double variance = n > 1 && scale > 0 ? Math.max(0, (q - (n - 1)) / scale) : 0;
    Map<Integer, Level> levels = new LinkedHashMap<>();
    clusters.forEach(
        (number, tally) -> {
          if (tally.decisive() > 0) {
            levels.put(number, level(tally, mean, noise / tally.decisive(), variance));
          }
        });
    return new Shrinkage(mean, Math.sqrt(variance), levels);
  }

  private static Level level(Tally tally, double mean, double error, double variance) {
    double raw = (double) tally.wins() / tally.decisive();
    double share = variance == 0 ? 0 : variance / (variance + error);
    double shrunk = mean + share * (raw - mean);
    double half = Z * Math.sqrt(share * error);
    Interval interval =
        new Interval(0.95, Math.max(0, shrunk - half), Math.min(1, shrunk + half));
    return new Level(tally.decisive(), raw, shrunk, interval);
  }
}
