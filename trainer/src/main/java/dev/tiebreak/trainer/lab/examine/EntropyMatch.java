package dev.tiebreak.trainer.lab.examine;

import dev.tiebreak.nn.Gpt;
import dev.tiebreak.tensor.Predictions;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.lab.data.Evaluation;
import java.util.function.DoubleUnaryOperator;

/**
 * The sampling temperature at which a model is as uncertain as another: the control that asks
 * whether what was trained into one can be had from the other by a hotter softmax.
 */
public final class EntropyMatch {
  /** How close the entropies come, in nats per token. */
  public static final double TOLERANCE = 1e-3;

  // First tried; the entropy rises with the temperature.
  private static final double[] GRID = {0.0625, 0.25, 0.5, 0.7, 0.85, 1, 1.2, 1.5, 2, 4, 16};

  private EntropyMatch() {}

  /**
   * The mean entropy of softmax(logits / T) over all tokens of an evaluation, in nats per token.
   *
   * @param temperature T, above 0
   */
  public static double meanEntropy(Gpt model, Evaluation evaluation, double temperature) {
    return meanEntropies(model, evaluation, temperature)[0];
  }

  /** The same at several temperatures, in one pass. */
  static double[] meanEntropies(Gpt model, Evaluation evaluation, double... temperatures) {
    double[] means = new double[temperatures.length];
    EvaluationPass.over(
        model,
        evaluation,
        (_, logits, batch) -> {
          for (int t = 0; t < means.length; t++) {
            Tensor numbers = logits.predictions(batch.targets(), temperatures[t]); // (B, T, 3)
            means[t] +=
                EvaluationPass.sum(numbers.toDoubles(), Predictions.ENTROPY, Predictions.NUMBERS)
                    / evaluation.tokens();
            numbers.giveBack();
          }
        });
    return means;
  }

  /**
   * The temperature T at which {@link #meanEntropy} is the one wanted, to within {@link
   * #TOLERANCE}. A first pass looks at a grid, further ones (about three) close in by regula falsi
   * in log T, the Illinois way.
   *
   * @param entropy in nats per token
   * @throws UserError if no temperature from 1/16 to 16 gives it
   */
  public static double temperatureFor(Gpt model, Evaluation evaluation, double entropy) {
    double[] onGrid = meanEntropies(model, evaluation, GRID);
    double least = onGrid[0];
    double most = onGrid[GRID.length - 1];
    Check.user(
        Double.isFinite(least) && Double.isFinite(most),
        "the model's output is not finite; its weights are damaged, use another run");
    Check.user(
        entropy >= least - TOLERANCE && entropy <= most + TOLERANCE,
        "no temperature from %s to %s gives a mean entropy of %.4f nats: this model's goes from %.4f to %.4f; choose an entropy between them",
        GRID[0],
        GRID[GRID.length - 1],
        entropy,
        least,
        most);
    int above = 0; // the first temperature that gives as much or nearly so
    while (onGrid[above] < entropy - TOLERANCE) {
      above++;
    }
    if (onGrid[above] <= entropy + TOLERANCE) {
      return GRID[above];
    }
    return between(
        new Point(Math.log(GRID[above - 1]), onGrid[above - 1] - entropy),
        new Point(Math.log(GRID[above]), onGrid[above] - entropy),
        logT -> meanEntropy(model, evaluation, Math.exp(logT)) - entropy);
  }

  /**
   * A place that was looked at.
   *
   * @param excess the entropy there less the one wanted
   */
  private record Point(double logT, double excess) {
    /** The same place, taken for nearer to the end than it is. */
    Point halved() {
      return new Point(logT, excess / 2);
    }
  }

  private static double between(Point under, Point over, DoubleUnaryOperator excess) {
    Point low = under;
    Point high = over;
    int side = 0; // of the last step: twice the same end, and the other one has to move too
    while (true) {
      double logT = high.logT - high.excess * (high.logT - low.logT) / (high.excess - low.excess);
      Point next = new Point(logT, excess.applyAsDouble(logT));
      if (Math.abs(next.excess) <= TOLERANCE) {
        return Math.exp(logT);
      }
      if (next.excess < 0) {
        low = next;
        high = side == -1 ? high.halved() : high;
        side = -1;
      } else {
        high = next;
        low = side == 1 ? low.halved() : low;
        side = 1;
      }
    }
  }
}
