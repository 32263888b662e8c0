package dev.tiebreak.trainer.evidence.statistics.fit;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * The minimum of a smooth function of a few variables, by the method of Broyden, Fletcher, Goldfarb
 * and Shanno with gradients by central differences, and the second derivatives there.
 *
 * <p>Source: Nocedal and Wright, "Numerical optimization" (2006), chapters 6 and 8.
 */
public final class Minimiser {
  private static final double STEP = 1e-4; // of differences, where variables are of size 1
  private static final double FINE = 1e-3; // of second differences
  private static final double LITTLE = 1e-2; // of a deviance: second derivatives are as before
  private static final double FARTHEST = 1; // of one step
  private static final int MOST_STEPS = 60;
  private static final double ENOUGH = 1e-7; // the promised fall, of a deviance

  private final ToDoubleFunction<double[]> function;
  private final double[] x;
  private double value;
  private final double[][] inverse;

  private Minimiser(ToDoubleFunction<double[]> function, double[] start) {
    this.function = function;
    x = start.clone();
    value = function.applyAsDouble(x);
    inverse = new double[x.length][x.length];
  }

  /** Where the minimum is; NaN in its first place if none was found. */
  public static double[] minimum(ToDoubleFunction<double[]> function, double[] start) {
    return minimum(function, start, ENOUGH);
  }

  /** Where the minimum is, until a step promises less than some fall. */
  public static double[] minimum(
      ToDoubleFunction<double[]> function, double[] start, double enough) {
    Minimiser minimiser = new Minimiser(function, start);
    return minimiser.search(enough) ? minimiser.x : new double[] {Double.NaN};
  }

  private boolean search(double enough) {
    int n = x.length;
    double[] gradient = gradient(true);
    for (int step = 0; step < MOST_STEPS; step++) {
      double[] move = new double[n];
      double slope = 0;
      double length = 0;
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          move[i] -= inverse[i][j] * gradient[j];
        }
        slope += move[i] * gradient[i];
        length += move[i] * move[i];
      }
      if (!Double.isFinite(slope)) {
        return false;
      }
      if (-slope < enough) {
        return true;
      }
      double[] from = x.clone();
      if (!walk(move, slope, length)) { // differences are too coarse for more
        return true;
      }
      double[] last = gradient;
      gradient = gradient(false);
      update(from, last, gradient);
    }
    return false;
  }

  /**
   * Goes along a move of a squared length, or half of it and so on, until the value falls by a
   * ten-thousandth of what the slope promises; returns whether it fell, else nothing has changed.
   */
  private boolean walk(double[] move, double slope, double length) {
    double part = Math.min(1, FARTHEST / Math.sqrt(length));
    double[] from = x.clone();
    double before = value;
    do {
      for (int i = 0; i < move.length; i++) {
        x[i] = from[i] + part * move[i];
      }
      value = function.applyAsDouble(x);
      part /= 2;
    } while (!(value <= before + 1e-4 * 2 * part * slope) && part > 1e-9);
    boolean fell = value < before;
    if (!fell) {
      System.arraycopy(from, 0, x, 0, from.length);
      value = before;
    }
    return fell;
  }

  /** By differences, which also give the curvatures to begin with. */
  private double[] gradient(boolean first) {
    double[] gradient = new double[x.length];
    double[] at = x.clone();
    for (int i = 0; i < x.length; i++) {
      at[i] = x[i] + STEP;
      double above = function.applyAsDouble(at);
      at[i] = x[i] - STEP;
      double below = function.applyAsDouble(at);
      at[i] = x[i];
      gradient[i] = (above - below) / (2 * STEP);
      if (first) {
        double curvature = (above - 2 * value + below) / (STEP * STEP);
        inverse[i][i] = curvature > 1e-3 ? 1 / curvature : 1 / (1 + Math.abs(gradient[i]));
      }
    }
    return gradient;
  }

  private void update(double[] from, double[] last, double[] gradient) {
    int n = x.length;
    double[] s = new double[n];
    double[] y = new double[n];
    double sy = 0;
    for (int i = 0; i < n; i++) {
      s[i] = x[i] - from[i];
      y[i] = gradient[i] - last[i];
      sy += s[i] * y[i];
    }
    if (sy <= 1e-12) {
      return;
    }
    double[] hy = new double[n];
    double yhy = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        hy[i] += inverse[i][j] * y[j];
      }
      yhy += y[i] * hy[i];
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        inverse[i][j] += (1 + yhy / sy) * s[i] * s[j] / sy - (hy[i] * s[j] + s[i] * hy[j]) / sy;
      }
    }
  }

  /**
   * A minimum.
   *
   * @param x where it is
   * @param value of the function there
   * @param hessian second derivatives there, or near by
   */
  public record Peak(double[] x, double value, double[][] hessian) {}

  /**
   * The minimum near a start that is close, by Newton's method; null if there is none. Second
   * derivatives are made anew only if the first step promises much.
   */
  public static Peak near(ToDoubleFunction<double[]> function, double[] start) {
    double[] from = start;
    for (int round = 0; round < 5; round++) {
      Minimiser minimiser = new Minimiser(function, from);
      double[] gradient = minimiser.gradient(false);
      double[][] hessian = hessian(function, minimiser.x, minimiser.value);
      double[][] factor = Arrays.stream(hessian).map(double[]::clone).toArray(double[][]::new);
      if (Cholesky.factor(factor, from.length)) {
        double promise = minimiser.newton(factor, gradient);
        if (promise < LITTLE) {
          return new Peak(minimiser.x, minimiser.value, hessian);
        }
        from = minimiser.x;
      } else {
        from = minimum(function, from);
        if (Double.isNaN(from[0])) {
          return null;
        }
      }
    }
    return null;
  }

  /** Steps with second derivatives that stay as they are; returns the first step's promise. */
  private double newton(double[][] factor, double[] first) {
    double promise = Double.NaN;
    double[] gradient = first;
    for (int step = 0; step < MOST_STEPS; step++) {
      double[] move = gradient.clone();
      Cholesky.solve(factor, move, move.length);
      double fall = 0;
      double length = 0;
      for (int i = 0; i < move.length; i++) {
        fall += move[i] * gradient[i];
        length += move[i] * move[i];
        move[i] = -move[i];
      }
      promise = step == 0 ? fall : promise;
      if (fall < ENOUGH) {
        return promise;
      }
      if (!walk(move, -fall, length)) {
        return promise;
      }
      gradient = gradient(false);
    }
    return promise;
  }

  /** Second derivatives, by differences, two more values for each pair of variables. */
  public static double[][] hessian(ToDoubleFunction<double[]> function, double[] x, double middle) {
    int n = x.length;
    double[][] hessian = new double[n][n];
    double[] single = new double[n]; // f(x + h) + f(x - h) - 2 f(x)
    for (int i = 0; i < n; i++) {
      single[i] = around(function, x, i, i) - 2 * middle;
      hessian[i][i] = single[i] / (FINE * FINE);
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        double both = around(function, x, i, j) - 2 * middle;
        hessian[i][j] = (both - single[i] - single[j]) / (2 * FINE * FINE);
        hessian[j][i] = hessian[i][j];
      }
    }
    return hessian;
  }

  /** f(x + h) + f(x - h), where h is in one variable or in two. */
  private static double around(ToDoubleFunction<double[]> function, double[] x, int i, int j) {
    double[] at = x.clone();
    at[i] = x[i] + FINE;
    at[j] = x[j] + FINE;
    double above = function.applyAsDouble(at);
    at[i] = x[i] - FINE;
    at[j] = x[j] - FINE;
    return above + function.applyAsDouble(at);
  }
}
