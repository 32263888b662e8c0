package dev.tiebreak.trainer.evidence.statistics.power;

import dev.tiebreak.trainer.evidence.statistics.Randomness;
import dev.tiebreak.trainer.evidence.statistics.paired.PairedTTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleConsumer;
import java.util.random.RandomGenerator;
import org.apache.commons.statistics.distribution.BetaDistribution;
import org.apache.commons.statistics.distribution.ContinuousDistribution;

/**
 * Two panels of judges that vote on the same prompts, drawn at random: what do their published
 * totals say about how much prompts differ, and what does that do to the totals' error?
 *
 * <p>Each prompt has a true rate, the same for both panels, drawn from a beta distribution. Each
 * vote falls on a prompt at random. Studies whose totals resemble the published ones are kept: that
 * is approximate Bayesian computation by rejection (Tavare, Balding, Griffiths and Donnelly,
 * "Inferring coalescence times from DNA sequence data", Genetics 145 (1997)), with a uniform prior
 * for the mean and the SD of the rates. The error of a rate over prompts as clusters is that of a
 * ratio (Cochran, "Sampling techniques" (1977), section 9A.1), with Student's t.
 */
public final class PanelSimulation {
  private static final double LEAST_MEAN = 0.5;
  private static final double MOST_MEAN = 0.7;
  private static final double MOST_SD = 0.45;
  private static final int REPORTED = 1000; // studies between two calls of the progress

  private PanelSimulation() {}

  /**
   * What was published of two panels.
   *
   * @param prompts that both judged
   * @param first decisive votes of the first panel
   * @param second decisive votes of the second
   * @param rate share of all decisive votes for the treatment
   * @param correlation of the panels' rates over prompts
   */
  public record Totals(int prompts, int first, int second, double rate, double correlation) {
    int votes() {
      return first + second;
    }
  }

  /**
   * A simulated study.
   *
   * @param sd of the true rates between prompts
   * @param rate of all decisive votes
   * @param se of that rate, with prompts as clusters
   * @param designEffect how many times the error variance exceeds that of independent votes
   * @param p two-sided, of one half, by t over prompts
   */
  public record Study(
      double sd,
      double rate,
      double se,
      double designEffect,
      double p,
      int promptsFor,
      int promptsAgainst) {}

  /**
   * How often tests reject where there is no difference.
   *
   * @param naive share of studies where a test of independent votes rejects at 0.05
   * @param clustered the same, of the t-test over prompts
   * @param asFar share of studies whose rate is as far from one half as the published
   * @param rates of the studies, rising: the null distribution
   */
  public record NullRates(double naive, double clustered, double asFar, double[] rates) {}

  /** Draws studies and keeps those that resemble the published totals. */
  public static List<Study> resembling(
      Totals totals,
      double rateWithin,
      double correlationWithin,
      int studies,
      long seed,
      DoubleConsumer progress) {
    RandomGenerator random = Randomness.of(seed);
    List<Study> kept = new ArrayList<>();
    Panel first = new Panel(totals.prompts);
    Panel second = new Panel(totals.prompts);
    for (int i = 0; i < studies; i++) {
      double mean = LEAST_MEAN + (MOST_MEAN - LEAST_MEAN) * random.nextDouble();
      double sd = MOST_SD * random.nextDouble();
      draw(first, second, totals, mean, sd, random);
      double rate = (double) (first.allWins() + second.allWins()) / totals.votes();
      if (Math.abs(rate - totals.rate) <= rateWithin
          && Math.abs(first.correlation(second) - totals.correlation) <= correlationWithin) {
        kept.add(study(first, second, sd));
      }
      if (i % REPORTED == 0) {
        progress.accept((double) i / studies);
      }
    }
    return kept;
  }

  /** Draws studies without a true preference, whose prompts differ by an SD. */
  public static NullRates underNull(Totals totals, double sd, int studies, long seed) {
    RandomGenerator random = Randomness.of(seed);
    Panel first = new Panel(totals.prompts);
    Panel second = new Panel(totals.prompts);
    double naiveSe = Math.sqrt(0.25 / totals.votes());
    int naive = 0;
    int clustered = 0;
    int asFar = 0;
    double[] rates = new double[studies];
    for (int i = 0; i < studies; i++) {
      draw(first, second, totals, 0.5, sd, random);
      Study study = study(first, second, sd);
      rates[i] = study.rate;
      double distance = Math.abs(study.rate - 0.5);
      naive += distance > 1.959964 * naiveSe ? 1 : 0;
      clustered += study.p < 0.05 ? 1 : 0;
      asFar += distance >= Math.abs(totals.rate - 0.5) ? 1 : 0;
    }
    Arrays.sort(rates);
    double all = studies;
    return new NullRates(naive / all, clustered / all, asFar / all, rates);
  }

  private static void draw(
      Panel first, Panel second, Totals totals, double mean, double sd, RandomGenerator random) {
    double[] rates = rates(mean, sd, random).samples(totals.prompts).toArray();
    first.vote(rates, totals.first, random);
    second.vote(rates, totals.second, random);
  }

  /** Draws from a beta distribution with a mean and an SD; the mean where the SD is about 0. */
  private static ContinuousDistribution.Sampler rates(
      double mean, double sd, RandomGenerator random) {
    double size = mean * (1 - mean) / (sd * sd) - 1;
    return size < 1e6
        ? BetaDistribution.of(mean * size, (1 - mean) * size).createSampler(random::nextLong)
        : () -> mean;
  }

  private static Study study(Panel first, Panel second, double sd) {
    int prompts = first.wins.length;
    int votes = first.allVotes() + second.allVotes();
    double rate = (double) (first.allWins() + second.allWins()) / votes;
    double squares = 0;
    int promptsFor = 0;
    int promptsAgainst = 0;
    for (int k = 0; k < prompts; k++) {
      int wins = first.wins[k] + second.wins[k];
      int all = first.votes[k] + second.votes[k];
      squares += Math.pow(wins - all * rate, 2);
      promptsFor += 2 * wins > all ? 1 : 0;
      promptsAgainst += 2 * wins < all ? 1 : 0;
    }
    double se = Math.sqrt(squares * prompts / (prompts - 1)) / votes;
    double effect = se * se / (rate * (1 - rate) / votes);
    double t = Math.abs(rate - 0.5) / se;
    double p = 2 * PairedTTest.upperTail(t, prompts - 1);
    return new Study(sd, rate, se, effect, p, promptsFor, promptsAgainst);
  }

  /** One panel's votes by prompt. */
  private static final class Panel {
    private final int[] votes;
    private final int[] wins;

    Panel(int prompts) {
      votes = new int[prompts];
      wins = new int[prompts];
    }

    void vote(double[] rates, int many, RandomGenerator random) {
      Arrays.fill(votes, 0);
      Arrays.fill(wins, 0);
      for (int i = 0; i < many; i++) {
        int prompt = random.nextInt(rates.length);
        votes[prompt]++;
        wins[prompt] += random.nextDouble() < rates[prompt] ? 1 : 0;
      }
    }

    int allVotes() {
      return Arrays.stream(votes).sum();
    }

    int allWins() {
      return Arrays.stream(wins).sum();
    }

    /** Of both panels' rates, over the prompts that both voted on; 0 where one does not vary. */
    double correlation(Panel other) {
      int n = 0;
      double meanX = 0;
      double meanY = 0;
      double xx = 0;
      double yy = 0;
      double xy = 0;
      for (int k = 0; k < votes.length; k++) {
        if (votes[k] > 0 && other.votes[k] > 0) {
          double x = (double) wins[k] / votes[k];
          double y = (double) other.wins[k] / other.votes[k];
          n++;
          double dx = x - meanX;
          double dy = y - meanY;
          meanX += dx / n;
          meanY += dy / n;
          xx += dx * (x - meanX);
          yy += dy * (y - meanY);
          xy += dx * (y - meanY);
        }
      }
      return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0;
    }
  }
}
