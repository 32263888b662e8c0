package dev.tiebreak.trainer.evidence.statistics.votes;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.statistics.Basis;
import dev.tiebreak.trainer.evidence.statistics.Finding;
import dev.tiebreak.trainer.evidence.statistics.Interval;
import dev.tiebreak.trainer.evidence.statistics.fit.Cholesky;
import dev.tiebreak.trainer.evidence.statistics.fit.LaplaceDeviance;
import dev.tiebreak.trainer.evidence.statistics.fit.Logistic;
import dev.tiebreak.trainer.evidence.statistics.fit.Minimiser;
import dev.tiebreak.trainer.evidence.statistics.fit.MixedCells;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Logistic model of the decisive votes with crossed random effects:
 *
 * <pre>log-odds(treatment preferred) = intercept + position * (+-1/2) + prompt + completion + judge
 *     + seed pair</pre>
 *
 * where the last four are normal with mean 0, by maximum likelihood in Laplace's approximation; the
 * errors of the fixed effects are from the second derivatives of the deviance in all parameters, as
 * in lme4's {@code glmer}. A term whose factor cannot be told from another, or has one level only,
 * is left out.
 *
 * @param intercept log-odds for a typical prompt, judge and so on, positions in balance
 * @param se of the intercept
 * @param position what standing on the left adds; 0 if the treatment always stood on one side
 * @param positionSe of it; 0 if it always stood on one side
 * @param sds the standard deviation of each term that was kept, in log-odds
 * @param levels how many levels these have
 * @param deviance -2 log likelihood, for single votes
 * @param degrees of freedom of t: one less than the fewest levels of a term that varies at all
 * @param p two-sided, of intercept = 0, by t = intercept / se
 * @param rate the mean chance over all prompts, judges and so on: logistic of a normal, integrated
 * @param interval of the rate, by the ends of that of the intercept
 */
public record MixedLogit(
    double intercept,
    double se,
    double position,
    double positionSe,
    Map<Factor, Double> sds,
    Map<Factor, Integer> levels,
    double deviance,
    double degrees,
    double p,
    double rate,
    Interval interval) {
  public static final Basis BASIS =
      new Basis(
          "Prompts, completions, judges and seed pairs shift the log-odds by normal amounts that"
              + " add up, and there are enough of each to tell how much.",
          "Judd, Westfall and Kenny, JPSP 103 (2012); Breslow and Clayton, JASA 88 (1993); "
              + "Bates et al., Journal of Statistical Software 67 (2015)");

  /** More effects than this, besides those of the largest term, would take minutes. */
  public static final int MOST_EFFECTS = 2000;

  private static final String NO_ANSWER =
      "the votes are nearly separated, so the model has no finite answer";
  private static final double START = 0.5;
  private static final double ROUGHLY = 1e-3; // of a deviance, before all parameters move
  private static final double FAR = 8; // in log-odds: no table of votes can show as much
  private static final double NONE = 1e-3; // a deviation that is none

  /** Fits, with all terms that can be told apart; level is that of the interval. */
  public static Finding<MixedLogit> of(List<Ballot> ballots, double level) {
    List<Factor> terms =
        Ballot.knowSeedPairs(Ballot.decisive(ballots))
            ? List.of(Factor.PROMPT, Factor.JUDGE, Factor.SEED_PAIR, Factor.COMPLETION)
            : List.of(Factor.PROMPT, Factor.JUDGE, Factor.COMPLETION);
    return of(ballots, terms, level);
  }

  /** Fits, with those of some terms that can be told apart. */
  public static Finding<MixedLogit> of(List<Ballot> ballots, List<Factor> terms, double level) {
    List<Ballot> decisive = Ballot.decisive(ballots);
    if (decisive.isEmpty()) {
      return Tally.of(ballots).rate().map(_ -> null);
    }
    Tally left = Tally.of(decisive.stream().filter(Ballot::treatmentLeft).toList());
    Tally right = Tally.of(decisive).minus(left);
    boolean bothSides = left.total() > 0 && right.total() > 0;
    for (Tally side : List.of(left, right)) {
      if (side.total() > 0 && (side.wins() == 0 || side.losses() == 0)) {
        return Finding.none(
            bothSides
                ? "on one side of the screen every decisive vote went the same way (separation)"
                : "all decisive votes went the same way (separation)");
      }
    }
    MixedCells cells = cells(decisive, terms);
    List<Factor> kept = Arrays.stream(cells.terms()).mapToObj(terms::get).toList();
    LaplaceDeviance deviance = new LaplaceDeviance(cells, bothSides ? 2 : 1);
    if (deviance.size() > MOST_EFFECTS) {
      return Finding.none(
          Words.of(
              "there are %d prompts, judges and so on, too many for this model", deviance.size()));
    }
    return fit(kept, cells, deviance, level);
  }

  private static MixedCells cells(List<Ballot> decisive, List<Factor> factors) {
    boolean[] left = new boolean[decisive.size()];
    boolean[] won = new boolean[decisive.size()];
    for (int i = 0; i < won.length; i++) {
      left[i] = decisive.get(i).treatmentLeft();
      won[i] = decisive.get(i).outcome() > 0;
    }
    return MixedCells.of(
        factors.stream().map(factor -> factor.compact(decisive)).toList(), left, won);
  }

  private static Finding<MixedLogit> fit(
      List<Factor> factors, MixedCells cells, LaplaceDeviance deviance, double level) {
    int terms = factors.size();
    double[] theta = new double[terms];
    Arrays.fill(theta, START);
    deviance.atBestBeta(theta);
    if (terms > 0) { // first the deviations alone, which brings beta along cheaply
      theta = Minimiser.minimum(deviance::atBestBeta, theta, ROUGHLY);
      if (Double.isNaN(theta[0])) {
        return Finding.none(NO_ANSWER);
      }
      deviance.atBestBeta(theta);
    }
    double[] beta = deviance.beta();
    double[] start = new double[terms + beta.length];
    System.arraycopy(theta, 0, start, 0, terms);
    System.arraycopy(beta, 0, start, terms, beta.length);
    Minimiser.Peak peak = Minimiser.near(x -> at(deviance, x, terms), start);
    if (peak == null) {
      return Finding.none(NO_ANSWER);
    }
    for (double parameter : peak.x()) {
      if (!(Math.abs(parameter) < FAR)) {
        return Finding.none(NO_ANSWER);
      }
    }
    return result(factors, cells, peak, level);
  }

  private static double at(LaplaceDeviance deviance, double[] x, int terms) {
    return deviance.at(Arrays.copyOf(x, terms), Arrays.copyOfRange(x, terms, x.length));
  }

  private static Finding<MixedLogit> result(
      List<Factor> factors, MixedCells cells, Minimiser.Peak peak, double level) {
    double[] best = peak.x();
    int terms = factors.size();
    Map<Factor, Double> sds = new EnumMap<>(Factor.class);
    Map<Factor, Integer> levels = new EnumMap<>(Factor.class);
    double variance = 0;
    int fewest = Integer.MAX_VALUE;
    for (int t = 0; t < terms; t++) {
      best[t] = Math.abs(best[t]) < NONE ? 0 : Math.abs(best[t]);
      sds.put(factors.get(t), best[t]);
      levels.put(factors.get(t), cells.levels()[t]);
      variance += best[t] * best[t];
      fewest = best[t] > 0 ? Math.min(fewest, cells.levels()[t]) : fewest;
    }
    double[] errors = errors(best, terms, peak.hessian());
    if (errors == null) {
      return Finding.none(NO_ANSWER);
    }
    boolean position = best.length - terms > 1;
    double se = errors[0];
    double intercept = best[terms];
    double degrees = variance == 0 ? Double.POSITIVE_INFINITY : fewest - 1;
    double sd = Math.sqrt(variance);
    TDistribution t = TDistribution.of(degrees); // of infinite degrees: the normal
    return Finding.of(
        new MixedLogit(
            intercept,
            se,
            position ? best[terms + 1] : 0,
            position ? errors[1] : 0,
            sds,
            levels,
            peak.value(),
            degrees,
            2 * t.survivalProbability(Math.abs(intercept) / se),
            meanChance(intercept, sd),
            interval(intercept, t.inverseSurvivalProbability((1 - level) / 2) * se, sd, level)));
  }

  /** Standard errors of the fixed effects; null if the peak is none. */
  private static double[] errors(double[] best, int terms, double[][] hessian) {
    // The deviance is even in each theta: one of 0 has no part in the errors.
    int[] free = IntStream.range(0, best.length).filter(i -> i >= terms || best[i] > 0).toArray();
    double[][] factor =
        Arrays.stream(free)
            .mapToObj(i -> Arrays.stream(free).mapToDouble(j -> hessian[i][j]).toArray())
            .toArray(double[][]::new);
    if (!Cholesky.factor(factor, free.length)) {
      return null;
    }
    double[][] covariance = Cholesky.inverse(factor); // of the deviance: half the covariance
    return IntStream.range(free.length - (best.length - terms), free.length)
        .mapToDouble(i -> Math.sqrt(2 * covariance[i][i]))
        .toArray();
  }

  private static Interval interval(double intercept, double half, double sd, double level) {
    return new Interval(level, meanChance(intercept - half, sd), meanChance(intercept + half, sd));
  }

  /** The mean of the logistic function over a normal, by the trapezoid rule, exact to 1e-10. */
  static double meanChance(double mean, double sd) {
    double sum = 0;
    double weights = 0;
    for (int i = -160; i <= 160; i++) {
      double z = i / 20.0;
      double weight = Math.exp(-z * z / 2);
      sum += weight * Logistic.chance(mean + sd * z);
      weights += weight;
    }
    return sum / weights;
  }
}
