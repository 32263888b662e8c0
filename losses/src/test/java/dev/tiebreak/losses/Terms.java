package dev.tiebreak.losses;

import dev.tiebreak.losses.GainSettings.Window;
import java.util.List;

/** The settings of a gain but for its formulas. */
record Terms(
    double s,
    int warmup,
    double floor,
    double epsilon,
    double low,
    double high,
    boolean renormalise,
    Window scope) {
  private static final double INF = Double.POSITIVE_INFINITY;

  /** The formula as it is. */
  static Terms pure(double s) {
    return new Terms(s, 0, 0, 0, -INF, INF, false, Window.MICRO);
  }

  GainSettings weight(String formula, boolean through) {
    return of(formula, GainSettings.PLAIN_LOSS, through);
  }

  GainSettings objective(String formula) {
    return of(GainSettings.PLAIN_WEIGHT, formula, false);
  }

  private GainSettings of(String formula, String objective, boolean through) {
    List<Double> clamp = low == -INF && high == INF ? List.of() : List.of(low, high);
    return new GainSettings(
        formula,
        objective,
        through,
        s,
        warmup,
        floor,
        clamp,
        renormalise,
        scope,
        epsilon,
        formula.contains("r,") ? "runs/reference" : "");
  }
}
