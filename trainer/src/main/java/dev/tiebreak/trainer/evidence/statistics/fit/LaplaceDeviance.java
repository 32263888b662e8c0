package dev.tiebreak.trainer.evidence.statistics.fit;

import java.util.Arrays;

/**
 * -2 log likelihood of a logistic model with crossed random effects, by Laplace's approximation:
 * the integral over the effects u (of variance 1, scaled by theta) is replaced by that of the
 * normal density that touches the integrand at its mode:
 *
 * <pre>-2 sum(wins eta - sizes log(1 + exp(eta))) + |u|^2 + log det(I + T Z' W Z T)</pre>
 *
 * with eta = X beta + Z T u, T the diagonal of thetas and W = sizes chance (1 - chance). The mode
 * is found by Newton's method. In its equations the first term's levels touch each other nowhere,
 * so they are eliminated one by one; what is left is dense.
 *
 * <p>Source: Bates, Mächler, Bolker and Walker, "Fitting linear mixed-effects models using lme4",
 * Journal of Statistical Software 67 (2015), and lme4's vignette on generalised models; Breslow and
 * Clayton, JASA 88 (1993).
 */
public final class LaplaceDeviance {
  private static final int MOST_STEPS = 100;
  private static final double QUICKLY = 0.1; // the next promise, in terms of the last
  private static final double ROUNDING = 1e-9; // of a sum of many logarithms
  private static final double ENOUGH = 1e-18; // what a step must promise: errors are of its root

  private final MixedCells cells;
  private final int groups; // levels that are eliminated
  private final int dense; // levels that are not
  private final int all; // those, then beta
  private final int[][] columns; // (cells, entries) which of all a cell touches
  private final int[][] slots; // (cells, entries) where these stand in the row of touched
  private final int[][] touched; // (groups) (those of all that its cells touch)
  private final int entries; // dense terms, then fixed effects
  private final int denseTerms;
  private final double[] effectE; // (groups)
  private final double[] effectD; // (all)
  private final double[] stepE; // (groups)
  private final double[] stepD; // (all)
  private final double[] eta; // (cells)
  private final double[] pivots; // (groups)
  private final double[][] couplings; // (groups) (as touched)
  private final double[][] schur; // (all, all)
  private int factored = -1; // how many rows of it the last equations had; -1 if none

  public LaplaceDeviance(MixedCells cells, int fixed) {
    this.cells = cells;
    groups = cells.starts().length - 1;
    denseTerms = Math.max(0, cells.terms().length - 1);
    entries = denseTerms + fixed;
    dense = cells.dense();
    all = dense + fixed;
    columns = new int[cells.sizes().length][entries];
    slots = new int[cells.sizes().length][entries];
    touched = new int[groups][];
    couplings = new double[groups][];
    findColumns();
    effectE = new double[groups];
    effectD = new double[all];
    stepE = new double[groups];
    stepD = new double[all];
    eta = new double[cells.sizes().length];
    pivots = new double[groups];
    schur = new double[all][all];
  }

  private void findColumns() {
    int[] place = new int[all];
    int[] found = new int[all];
    for (int g = 0; g < groups; g++) {
      Arrays.fill(place, -1);
      int count = 0;
      for (int c = cells.starts()[g]; c < cells.starts()[g + 1]; c++) {
        int offset = 0;
        for (int k = 0; k < entries; k++) {
          int column = k < denseTerms ? offset + cells.level()[k + 1][c] : dense + k - denseTerms;
          offset += k < denseTerms ? cells.levels()[k + 1] : 0;
          if (place[column] < 0) {
            place[column] = count;
            found[count++] = column;
          }
          columns[c][k] = column;
          slots[c][k] = place[column];
        }
      }
      touched[g] = Arrays.copyOf(found, count);
      couplings[g] = new double[count];
    }
  }

  /** How many effects are left when the first term's are eliminated. */
  public int size() {
    return all;
  }

  /** Beta as it was last given, or found by {@link #atBestBeta}. */
  public double[] beta() {
    return Arrays.copyOfRange(effectD, dense, all);
  }

  /** The deviance at fixed effects that are given; NaN if there is no mode. */
  public double at(double[] theta, double[] beta) {
    System.arraycopy(beta, 0, effectD, dense, beta.length);
    return minimise(theta, dense);
  }

  /** The deviance at the fixed effects that suit the mode best: near those of the minimum. */
  public double atBestBeta(double[] theta) {
    return minimise(theta, all);
  }

  /**
   * Moves the first {@code size} of the dense effects, and all others, to the mode. Steps take the
   * equations of the last evaluation as long as they get nearer quickly, since making new ones
   * costs far more than a step; the determinant needs those at the mode.
   */
  private double minimise(double[] theta, int size) {
    double deviance = penalised(theta);
    boolean fresh = false;
    if (size != factored) {
      fresh = true;
      if (!makeEquations(theta, size)) {
        return Double.NaN;
      }
    }
    double last = Double.POSITIVE_INFINITY;
    for (int step = 0; step < MOST_STEPS; step++) {
      double promise = solve(theta, size);
      if (!fresh && !(promise < last * QUICKLY) || !fresh && promise < ENOUGH) {
        if (!makeEquations(theta, size)) {
          return Double.NaN;
        }
        fresh = true;
        promise = solve(theta, size);
      }
      if (!(promise >= 0)) {
        return Double.NaN;
      }
      if (promise < ENOUGH) {
        return deviance + logDeterminant();
      }
      deviance = walk(theta, size, deviance);
      fresh = false;
      last = promise;
    }
    return Double.NaN;
  }

  private double logDeterminant() {
    double logDet = 0;
    for (double pivot : pivots) {
      logDet += Math.log(pivot);
    }
    for (int k = 0; k < dense; k++) {
      logDet += 2 * Math.log(schur[k][k]);
    }
    return logDet;
  }

  /** Goes along the step, or half of it and so on, until the penalised deviance falls. */
  private double walk(double[] theta, int size, double before) {
    double part = 1;
    double gone = 0;
    double now = Double.POSITIVE_INFINITY;
    for (int halving = 0; halving < 40 && !(now <= before + ROUNDING); halving++) {
      for (int g = 0; g < groups; g++) {
        effectE[g] += (part - gone) * stepE[g];
      }
      for (int k = 0; k < size; k++) {
        effectD[k] += (part - gone) * stepD[k];
      }
      now = penalised(theta);
      gone = part;
      part /= 2;
    }
    return now;
  }

  private double scaleOfGroups(double[] theta) {
    return theta.length == 0 ? 0 : theta[0];
  }

  /** What one unit of an entry's effect adds to a cell's log-odds. */
  private double value(double[] theta, int cell, int entry) {
    if (entry < denseTerms) {
      return theta[entry + 1];
    }
    return entry == denseTerms ? 1 : cells.left()[cell];
  }

  /** -2 log likelihood given the effects, plus the squares of the random ones; sets eta. */
  private double penalised(double[] theta) {
    double scale = scaleOfGroups(theta);
    double sum = 0;
    for (int g = 0; g < groups; g++) {
      for (int c = cells.starts()[g]; c < cells.starts()[g + 1]; c++) {
        double value = scale * effectE[g];
        for (int k = 0; k < entries; k++) {
          value += value(theta, c, k) * effectD[columns[c][k]];
        }
        eta[c] = value;
        double softplus = Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value)));
        sum -= 2 * (cells.wins()[c] * value - cells.sizes()[c] * softplus);
      }
      sum += effectE[g] * effectE[g];
    }
    for (int k = 0; k < dense; k++) {
      sum += effectD[k] * effectD[k];
    }
    return sum;
  }

  /** The step to the mode by the equations as they are; returns what it promises. */
  private double solve(double[] theta, int size) {
    double scale = scaleOfGroups(theta);
    for (int k = 0; k < all; k++) {
      stepD[k] = k < dense ? -effectD[k] : 0;
    }
    for (int g = 0; g < groups; g++) {
      stepE[g] = -effectE[g];
      for (int c = cells.starts()[g]; c < cells.starts()[g + 1]; c++) {
        double residual = cells.wins()[c] - cells.sizes()[c] * Logistic.chance(eta[c]);
        stepE[g] += scale * residual;
        for (int k = 0; k < entries; k++) {
          stepD[columns[c][k]] += value(theta, c, k) * residual;
        }
      }
    }
    for (int g = 0; g < groups; g++) {
      for (int a = 0; a < touched[g].length; a++) {
        stepD[touched[g][a]] -= couplings[g][a] / pivots[g] * stepE[g];
      }
    }
    double[] right = Arrays.copyOf(stepD, size);
    Cholesky.solve(schur, stepD, size);
    double promise = 0;
    for (int k = 0; k < size; k++) {
      promise += right[k] * stepD[k];
    }
    for (int g = 0; g < groups; g++) {
      promise += stepE[g] * stepE[g] / pivots[g]; // still the gradient
      for (int a = 0; a < touched[g].length; a++) {
        if (touched[g][a] < size) {
          stepE[g] -= couplings[g][a] * stepD[touched[g][a]];
        }
      }
      stepE[g] /= pivots[g];
    }
    return promise;
  }

  /** Makes and factors the equations at eta; returns whether there is a minimum. */
  private boolean makeEquations(double[] theta, int size) {
    for (int k = 0; k < all; k++) {
      Arrays.fill(schur[k], 0, k + 1, 0);
      schur[k][k] = k < dense ? 1 : 0;
    }
    for (int g = 0; g < groups; g++) {
      addGroup(theta, g);
    }
    factored = Cholesky.factor(schur, size) ? size : -1;
    return factored == size;
  }

  /** Adds a group's cells to the equations of the dense effects, and eliminates its own. */
  private void addGroup(double[] theta, int g) {
    double scale = scaleOfGroups(theta);
    double[] coupling = couplings[g];
    Arrays.fill(coupling, 0);
    pivots[g] = 1;
    for (int c = cells.starts()[g]; c < cells.starts()[g + 1]; c++) {
      double chance = Logistic.chance(eta[c]);
      double weight = cells.sizes()[c] * chance * (1 - chance);
      pivots[g] += scale * scale * weight;
      for (int a = 0; a < entries; a++) {
        double value = value(theta, c, a) * weight;
        coupling[slots[c][a]] += scale * value;
        double[] row = schur[columns[c][a]];
        for (int b = 0; b <= a; b++) { // columns rise with entries
          row[columns[c][b]] += value * value(theta, c, b);
        }
      }
    }
    if (scale == 0) {
      return;
    }
    for (int a = 0; a < coupling.length; a++) {
      double part = coupling[a] / pivots[g];
      double[] row = schur[touched[g][a]];
      for (int b = 0; b < coupling.length; b++) {
        if (touched[g][b] <= touched[g][a]) {
          row[touched[g][b]] -= part * coupling[b];
        }
      }
    }
  }
}
