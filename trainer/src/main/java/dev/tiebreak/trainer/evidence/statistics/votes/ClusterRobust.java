package dev.tiebreak.trainer.evidence.statistics.votes;

import dev.tiebreak.trainer.evidence.statistics.Basis;
import dev.tiebreak.trainer.evidence.statistics.Finding;
import dev.tiebreak.trainer.evidence.statistics.Interval;
import dev.tiebreak.trainer.evidence.statistics.fit.Levels;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * The decisive win rate with an error that allows for votes that share a judge, a prompt, a pair of
 * models: clusters in several ways at once. A vote's deviation from the rate is added up within the
 * clusters of each way; the variance adds the squares over the ways, takes off those over clusters
 * that two ways share, adds those that three share, and so on. Each of these terms is multiplied by
 * G / (G - 1) for its G clusters.
 *
 * <p>Such a difference of sums may come out too small, or negative; it is never taken to be below
 * the largest of the ways alone: MacKinnon, Nielsen and Webb, "Wild bootstrap and asymptotic
 * inference with multiway clustering", Journal of Business and Economic Statistics 39 (2021).
 *
 * @param factors the ways
 * @param clusters how many there are of each
 * @param tally all votes, of which the decisive ones count here
 * @param rate wins / decisive; where {@link SideWeights} are used, by these
 * @param se its standard error
 * @param naiveSe what it would be for independent votes: sqrt(rate (1 - rate) / decisive)
 * @param atLeastOneWay whether the variance had to be raised to that of one way alone
 * @param degrees of freedom of t
 * @param t (rate - 1/2) / se
 * @param p two-sided
 * @param interval of the rate, cut off at 0 and 1
 */
public record ClusterRobust(
    List<Factor> factors,
    List<Integer> clusters,
    Tally tally,
    double rate,
    double se,
    double naiveSe,
    boolean atLeastOneWay,
    double degrees,
    double t,
    double p,
    Interval interval) {
  public static final Basis BASIS =
      new Basis(
          "Votes that share none of the named clusters are independent, and there are enough"
              + " clusters of each kind.",
          "Cameron, Gelbach and Miller, Journal of Business and Economic Statistics 29 (2011)");

  /** How many degrees of freedom t has. */
  public enum Degrees {
    /** One less than the clusters of the way that has fewest: cautious. */
    FEWEST,
    /**
     * Each way has one less than its clusters, and counts by its share of the variance; never fewer
     * than {@link #FEWEST}. As in the quasi-F test of Clark, "The language-as-fixed-effect
     * fallacy", Journal of Verbal Learning and Verbal Behavior 12 (1973), after Satterthwaite,
     * Biometrics Bulletin 2 (1946).
     */
    SATTERTHWAITE
  }

  /** Computes it, with {@link Degrees#FEWEST} and an interval of a level such as 0.95. */
  public static Finding<ClusterRobust> of(List<Ballot> ballots, List<Factor> ways, double level) {
    return of(ballots, ways, level, Degrees.FEWEST);
  }

  /**
   * By judges, prompts and, where the decisive votes have two or more and all are known, seed
   * pairs, with {@link Degrees#SATTERTHWAITE}: the claim is then about other judges, prompts and
   * training runs at once.
   */
  public static Finding<ClusterRobust> allWays(List<Ballot> ballots, double level) {
    return allWays(ballots, level, SideWeights.ONE);
  }

  static Finding<ClusterRobust> allWays(List<Ballot> ballots, double level, SideWeights weights) {
    List<Ballot> decisive = Ballot.decisive(ballots);
    List<Factor> ways =
        Factor.SEED_PAIR.count(decisive) > 1 && Ballot.knowSeedPairs(decisive)
            ? List.of(Factor.JUDGE, Factor.PROMPT, Factor.SEED_PAIR)
            : List.of(Factor.JUDGE, Factor.PROMPT);
    return of(ballots, ways, level, Degrees.SATTERTHWAITE, weights);
  }

  public static Finding<ClusterRobust> of(
      List<Ballot> ballots, List<Factor> ways, double level, Degrees rule) {
    return of(ballots, ways, level, rule, SideWeights.ONE);
  }

  static Finding<ClusterRobust> of(
      List<Ballot> ballots, List<Factor> ways, double level, Degrees rule, SideWeights weights) {
    List<Ballot> decisive = Ballot.decisive(ballots);
    Tally tally = Tally.of(ballots);
    if (decisive.isEmpty()) {
      return tally.rate().map(_ -> null);
    }
    if (tally.wins() == 0 || tally.losses() == 0) {
      return Finding.none("all decisive votes went the same way, so they show no spread");
    }
    int[][] levels = new int[ways.size()][];
    for (int f = 0; f < levels.length; f++) {
      levels[f] = ways.get(f).compact(decisive);
      if (Levels.count(levels[f]) < 2) {
        return Finding.none("the decisive votes have only one " + ways.get(f));
      }
    }
    return Finding.of(of(decisive, tally, ways, levels, level, rule, weights));
  }

  private static ClusterRobust of(
      List<Ballot> decisive,
      Tally tally,
      List<Factor> ways,
      int[][] levels,
      double level,
      Degrees rule,
      SideWeights weights) {
    int n = decisive.size();
    double rate = weights.rate(decisive);
    double sum = weights.sum(decisive);
    double[] deviations = new double[n];
    for (int i = 0; i < n; i++) {
      Ballot one = decisive.get(i);
      deviations[i] = weights.of(one) * ((one.outcome() > 0 ? 1 : 0) - rate) / sum;
    }
    Variance variance = variance(deviations, levels);
    boolean raised = variance.sum < variance.largest;
    double se = Math.sqrt(Math.max(variance.sum, variance.largest));
    double degrees =
        rule == Degrees.FEWEST
            ? variance.fewest
            : Math.max(variance.fewest, se * se * se * se / variance.perDegree);
    TDistribution distribution = TDistribution.of(degrees);
    double half = distribution.inverseSurvivalProbability((1 - level) / 2) * se;
    double t = (rate - 0.5) / se;
    return new ClusterRobust(
        List.copyOf(ways),
        Arrays.stream(levels).map(Levels::count).toList(),
        tally,
        rate,
        se,
        Math.sqrt(rate * (1 - rate) / n),
        raised,
        degrees,
        t,
        2 * distribution.survivalProbability(Math.abs(t)),
        new Interval(level, Math.max(0, rate - half), Math.min(1, rate + half)));
  }

  /**
   * How many times more votes are needed than if they were independent: the ratio of the variances.
   *
   * <p>Source: Kish, "Survey sampling" (1965), section 8.2.
   */
  public double designEffect() {
    return se * se / (naiveSe * naiveSe);
  }

  /** How many independent decisive votes would tell as much. */
  public double effectiveVotes() {
    return tally.decisive() / designEffect();
  }

  /**
   * How many votes, ties included, would find this rate with a given power, if there were more
   * judges, prompts and pairs of models in the same proportion: by the normal approximation.
   */
  public Finding<Long> votesNeeded(double rate, double alpha, double power) {
    if (rate == 0.5) {
      return Finding.none("no number of votes shows a difference that is not there");
    }
    NormalDistribution normal = NormalDistribution.of(0, 1);
    double distance =
        normal.inverseSurvivalProbability(alpha / 2) + normal.inverseCumulativeProbability(power);
    double ratio = distance * se / (rate - 0.5);
    return Finding.of((long) Math.ceil(tally.total() * ratio * ratio));
  }

  /** All terms, the largest of one way, all squared over their degrees, the fewest of these. */
  private record Variance(double sum, double largest, double perDegree, int fewest) {}

  private static Variance variance(double[] deviations, int[][] levels) {
    double variance = 0;
    double largest = 0;
    double perDegree = 0;
    int fewest = Integer.MAX_VALUE;
    for (int subset = 1; subset < 1 << levels.length; subset++) {
      int[] shared = null;
      double degrees = 1;
      for (int f = 0; f < levels.length; f++) {
        if ((subset >> f & 1) == 1) {
          shared = shared == null ? levels[f] : Levels.both(shared, levels[f]);
          degrees *= Levels.count(levels[f]) - 1;
        }
      }
      double term = squares(deviations, shared);
      perDegree += term * term / degrees;
      if (Integer.bitCount(subset) == 1) {
        largest = Math.max(largest, term);
        fewest = Math.min(fewest, Levels.count(shared) - 1);
      }
      variance += Integer.bitCount(subset) % 2 == 1 ? term : -term;
    }
    return new Variance(variance, largest, perDegree, fewest);
  }

  private static double squares(double[] deviations, int[] levels) {
    double[] sums = new double[Levels.count(levels)];
    for (int i = 0; i < levels.length; i++) {
      sums[levels[i]] += deviations[i];
    }
    double squares = 0;
    for (double sum : sums) {
      squares += sum * sum;
    }
    return squares * sums.length / (sums.length - 1);
  }
}
