package dev.tiebreak.trainer.evidence.statistics.fit;

import dev.tiebreak.trainer.evidence.statistics.Finding;

/**
 * Logistic regression by Newton's method, with an error that allows for clusters.
 *
 * <p>Source: McCullagh and Nelder, "Generalized linear models" (1989), section 4.4; for clusters
 * Liang and Zeger, Biometrika 73 (1986), with the factor G / (G - 1).
 *
 * @param coefficients (columns)
 * @param covariance of these, (columns, columns)
 * @param clusters how many there were
 */
public record Logistic(double[] coefficients, double[][] covariance, int clusters) {
  private static final int MOST_STEPS = 50;
  private static final double FAR = 15; // log-odds that no table of votes can show: separation

  /** The chance that belongs to log-odds. */
  public static double chance(double logOdds) {
    return 1 / (1 + Math.exp(-logOdds));
  }

  public double se(int column) {
    return Math.sqrt(covariance[column][column]);
  }

  /**
   * Fits.
   *
   * @param x (votes, columns), a column of 1 for the intercept included
   * @param y whether each was won
   * @param cluster of each, numbered from 0
   */
  public static Finding<Logistic> of(double[][] x, boolean[] y, int[] cluster) {
    int columns = x[0].length;
    double[] b = new double[columns];
    double change = Double.MAX_VALUE;
    double[][] inverse = null;
    for (int step = 0; step < MOST_STEPS && change > 1e-10; step++) {
      double[][] information = new double[columns][columns];
      double[] score = new double[columns];
      for (int i = 0; i < x.length; i++) {
        double logOdds = dot(x[i], b);
        if (Math.abs(logOdds) > FAR) {
          return Finding.none("some covariate separates the wins from the losses");
        }
        double chance = chance(logOdds);
        for (int a = 0; a < columns; a++) {
          score[a] += x[i][a] * ((y[i] ? 1 : 0) - chance);
          for (int c = 0; c < columns; c++) {
            information[a][c] += x[i][a] * x[i][c] * chance * (1 - chance);
          }
        }
      }
      if (!Cholesky.factor(information, columns)) {
        return Finding.none("the covariates do not vary apart from each other");
      }
      inverse = Cholesky.inverse(information);
      change = 0;
      for (int a = 0; a < columns; a++) {
        double move = dot(inverse[a], score);
        b[a] += move;
        change = Math.max(change, Math.abs(move));
      }
    }
    if (change > 1e-10) {
      return Finding.none("some covariate separates the wins from the losses");
    }
    return Finding.of(withErrors(x, y, cluster, b, inverse));
  }

  private static Logistic withErrors(
      double[][] x, boolean[] y, int[] cluster, double[] b, double[][] inverse) {
    int columns = b.length;
    double[][] scores = new double[Levels.count(cluster)][columns];
    for (int i = 0; i < x.length; i++) {
      double residual = (y[i] ? 1 : 0) - chance(dot(x[i], b));
      for (int a = 0; a < columns; a++) {
        scores[cluster[i]][a] += x[i][a] * residual;
      }
    }
    double factor = scores.length / (scores.length - 1.0);
    double[][] covariance = new double[columns][columns];
    for (double[] score : scores) {
      double[] influence = new double[columns];
      for (int a = 0; a < columns; a++) {
        influence[a] = dot(inverse[a], score);
      }
      for (int a = 0; a < columns; a++) {
        for (int c = 0; c < columns; c++) {
          covariance[a][c] += factor * influence[a] * influence[c];
        }
      }
    }
    return new Logistic(b, covariance, scores.length);
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
