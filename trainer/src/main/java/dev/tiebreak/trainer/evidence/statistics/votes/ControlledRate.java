package dev.tiebreak.trainer.evidence.statistics.votes;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.statistics.Basis;
import dev.tiebreak.trainer.evidence.statistics.Finding;
import dev.tiebreak.trainer.evidence.statistics.Interval;
import dev.tiebreak.trainer.evidence.statistics.fit.Logistic;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * The decisive win rate that texts of equal length (or repetitiveness) would have: a logistic
 * regression on the differences, treatment less control, taken at a difference of 0. A difference
 * enters as tanh(difference / standard deviation), so that extremes count no more than large ones.
 *
 * @param raw the rate as it is
 * @param rate at differences of 0
 * @param p two-sided, of the rate being one half
 * @param interval of the rate, with errors clustered by prompt
 * @param slopes of the log-odds, for each covariate
 */
public record ControlledRate(
    List<String> covariates,
    double raw,
    double rate,
    double p,
    Interval interval,
    List<Double> slopes,
    List<Double> slopeErrors) {
  public static final Basis BASIS =
      new Basis(
          "Length moves the log-odds along a line (flattening at the ends), and is a side effect,"
              + " not the way in which the treatment improves texts; prompts are independent.",
          "Dubois et al., Length-controlled AlpacaEval (2024), 2404.04475");

  /**
   * Fits.
   *
   * @param names of the covariates
   * @param differences (ballots, covariates), treatment less control; those of ties are not used
   * @param level of the interval, such as 0.95
   */
  public static Finding<ControlledRate> of(
      List<Ballot> ballots, List<String> names, double[][] differences, double level) {
    if (differences.length != ballots.size()) {
      throw new IllegalArgumentException(
          Words.of("%d votes and %d differences", ballots.size(), differences.length));
    }
    List<Ballot> decisive = new ArrayList<>();
    List<double[]> kept = new ArrayList<>();
    for (int i = 0; i < differences.length; i++) {
      if (ballots.get(i).isDecisive()) {
        decisive.add(ballots.get(i));
        kept.add(differences[i]);
      }
    }
    if (decisive.isEmpty()) {
      return Tally.of(ballots).rate().map(_ -> null);
    }
    if (Factor.PROMPT.count(decisive) < 2) {
      return Finding.none("the decisive votes have only one prompt");
    }
    double[][] x = new double[kept.size()][names.size() + 1];
    for (int k = 0; k < names.size(); k++) {
      int column = k;
      double sd = spread(kept.stream().mapToDouble(d -> d[column]).toArray());
      if (sd == 0) {
        return Finding.none("the " + names.get(k) + " differs nowhere");
      }
      for (int i = 0; i < x.length; i++) {
        x[i][0] = 1;
        x[i][k + 1] = Math.tanh(kept.get(i)[k] / sd);
      }
    }
    boolean[] y = new boolean[x.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = decisive.get(i).outcome() > 0;
    }
    double raw = Tally.of(decisive).rate().found().orElseThrow();
    return Logistic.of(x, y, Factor.PROMPT.compact(decisive))
        .map(fit -> result(names, raw, fit, level));
  }

  /** About 0, not the mean: equal differences other than 0 must not vanish. */
  private static double spread(double[] differences) {
    double squares = 0;
    for (double difference : differences) {
      squares += difference * difference;
    }
    return Math.sqrt(squares / differences.length);
  }

  private static ControlledRate result(List<String> names, double raw, Logistic fit, double level) {
    TDistribution t = TDistribution.of(fit.clusters() - 1);
    double centre = fit.coefficients()[0];
    double half = t.inverseSurvivalProbability((1 - level) / 2) * fit.se(0);
    List<Double> slopes = new ArrayList<>();
    List<Double> errors = new ArrayList<>();
    for (int k = 1; k <= names.size(); k++) {
      slopes.add(fit.coefficients()[k]);
      errors.add(fit.se(k));
    }
    return new ControlledRate(
        List.copyOf(names),
        raw,
        Logistic.chance(centre),
        2 * t.survivalProbability(Math.abs(centre) / fit.se(0)),
        new Interval(level, Logistic.chance(centre - half), Logistic.chance(centre + half)),
        slopes,
        errors);
  }
}
