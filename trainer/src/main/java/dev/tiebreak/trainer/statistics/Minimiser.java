package dev.tiebreak.trainer.statistics;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * The minimum of a smooth function of a few variables, by the method of Broyden, Fletcher, Goldfarb
 * and Shanno with gradients by central differences, and the second derivatives there.
 *
 * <p>Source: Nocedal and Wright, "Numerical optimization" (2006), chapters 6 and 8.
 */
final class Minimiser {
  private static final double STEP = 1e-4; // of differences, where variables are of size 1
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
  static double[] minimum(ToDoubleFunction<double[]> function, double[] start) {
    Minimiser minimiser = new Minimiser(function, start);
    return minimiser.search() ? minimiser.x : new double[] {Double.NaN};
  }

  private boolean search() {
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
      if (-slope < ENOUGH) {
        return true;
      }
      double part = Math.min(1, FARTHEST / Math.sqrt(length));
      double[] from = x.clone();
      double before = value;
      do {
        for (int i = 0; i < n; i++) {
          x[i] = from[i] + part * move[i];
        }
        value = function.applyAsDouble(x);
        part /= 2;
      } while (!(value <= before + 1e-4 * 2 * part * slope) && part > 1e-9);
      if (!(value < before)) { // differences are too coarse for more
        System.arraycopy(from, 0, x, 0, n);
        value = before;
        return true;
      }
      double[] last = gradient;
      gradient = gradient(false);
      update(from, last, gradient);
    }
    return false;
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

  /** Second derivatives, by central differences. */
  static double[][] hessian(ToDoubleFunction<double[]> function, double[] x) {
    double h = 1e-3;
    int n = x.length;
    double[][] hessian = new double[n][n];
    double middle = function.applyAsDouble(x);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double[] at = Arrays.copyOf(x, n);
        double[] f = new double[4];
        for (int corner = 0; corner < (i == j ? 2 : 4); corner++) {
          double a = (corner & 1) == 0 ? h : -h;
          double b = (corner & 2) == 0 ? h : -h;
          at[i] = x[i] + a;
          if (j != i) {
            at[j] = x[j] + b;
          }
          f[corner] = function.applyAsDouble(at);
        }
        hessian[i][j] =
            i == j
                ? (f[0] - 2 * middle + f[1]) / (h * h)
                : (f[0] - f[1] - f[2] + f[3]) / (4 * h * h);
        hessian[j][i] = hessian[i][j];
      }
    }
    return hessian;
  }
}
