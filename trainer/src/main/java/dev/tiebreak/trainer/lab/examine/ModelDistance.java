package dev.tiebreak.trainer.lab.examine;

import dev.tiebreak.nn.Gpt;
import dev.tiebreak.nn.Parameter;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.lab.data.Evaluation;
import java.util.ArrayList;
import java.util.List;

/**
 * How far a model a has come from a model b of the same shape.
 *
 * @param weights ||a - b|| / ||b|| over all weights (Euclidean)
 * @param blocks the same over the weights of each block
 * @param divergence the mean over validation tokens of KL(softmax b || softmax a), in nats
 */
public record ModelDistance(double weights, List<Double> blocks, double divergence) {
  private static final double LEAST = 1e-38; // stands for a probability of 0, whose log is none

  public ModelDistance {
    blocks = List.copyOf(blocks);
  }

  /**
   * Compares two models on one backend.
   *
   * @param evaluation the tokens to compare the predictions on
   * @throws UserError if the shapes differ
   */
  public static ModelDistance between(Gpt a, Gpt b, Evaluation evaluation) {
    Check.user(
        a.config().equals(b.config()),
        "the models are of different shapes, %s and %s; compare runs of equal [model] and vocabulary",
        a.config(),
        b.config());
    List<Double> blocks = new ArrayList<>();
    for (int layer = 0; layer < a.config().layers(); layer++) {
      blocks.add(relative(a.blockParameters(layer), b.blockParameters(layer)));
    }
    return new ModelDistance(
        relative(a.parameters(), b.parameters()), blocks, divergence(a, b, evaluation));
  }

  private static double relative(List<Parameter> a, List<Parameter> b) {
    double changes = 0; // ||a - b||^2
    double sizes = 0; // ||b||^2
    for (int i = 0; i < a.size(); i++) {
      double[] as = a.get(i).master().toDoubles();
      double[] bs = b.get(i).master().toDoubles();
      for (int j = 0; j < as.length; j++) {
        changes += (as[j] - bs[j]) * (as[j] - bs[j]);
        sizes += bs[j] * bs[j];
      }
    }
    return Math.sqrt(changes) / Math.sqrt(sizes);
  }

  private static double divergence(Gpt a, Gpt b, Evaluation evaluation) {
    double[] sum = new double[1];
    EvaluationPass.over(
        b,
        evaluation,
        (_, ofB, batch) -> { // (B, T, V)
          Tensor ofA = a.logits(batch.inputs()); // (B, T, V)
          for (int row = 0; row < evaluation.batch(); row++) {
            sum[0] += divergence(ofA.slice(0, row, 1), ofB.slice(0, row, 1));
          }
        });
    return sum[0] / evaluation.tokens();
  }

  /** The sum over the tokens of one sequence; gives back what it needs only for a moment. */
  private static double divergence(Tensor logitsOfA, Tensor logitsOfB) { // (1, T, V)
    Tensor p = logitsOfB.softmax();
    Tensor logOfB = log(p, false);
    Tensor logOfA = log(logitsOfA.softmax(), true);
    Tensor difference = logOfB.sub(logOfA);
    Tensor terms = p.mul(difference);
    double sum = 0;
    for (double token : terms.sumLast().toDoubles()) { // (1, T)
      sum += token;
    }
    List.of(p, logOfB, logOfA, difference, terms).forEach(Tensor::giveBack);
    return sum;
  }

  private static Tensor log(Tensor probabilities, boolean last) {
    Tensor bounded = probabilities.clamp(LEAST, 1);
    if (last) {
      probabilities.giveBack();
    }
    Tensor log = bounded.log();
    bounded.giveBack();
    return log;
  }
}
