package dev.tiebreak.trainer.lab.examine;

import dev.tiebreak.nn.Gpt;
import dev.tiebreak.tensor.Predictions;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.data.Evaluation;
import dev.tiebreak.trainer.lab.data.TokenBatch;
import java.util.Arrays;

/**
 * Examines a model on the tokens that its validation loss is measured on. One pass over them: three
 * numbers per token at each of 13 temperatures, so it takes the memory of an evaluation and, where
 * the vocabulary is large beside the model, a few times as long.
 */
public final class Examiner {
  /** At how many temperatures it looks at each batch. */
  public static final int TEMPERATURES = TemperatureFit.temperatures().length;

  private final EvaluationPass pass;
  private final Dataset data;
  private Yardstick yardstick; // null until it is needed: it counts the training text

  /**
   * An examiner of a model whose weights may change between examinations.
   *
   * @param data the text that the evaluation is of; null if it is only rehearsed
   * @param stepScope for the results of one batch; no tape may be open during an examination
   * @param batch for the tokens of one
   */
  public Examiner(
      Gpt model, Evaluation evaluation, Dataset data, Scope stepScope, TokenBatch batch) {
    this.pass = new EvaluationPass(model, evaluation, stepScope, batch);
    this.data = data;
  }

  /**
   * What an examination gives.
   *
   * @param examination the numbers
   * @param tokens each token's
   */
  public record Result(Examination examination, ValidationTokens tokens) {}

  /** Examines the model as it is now. */
  public Result examine() {
    Evaluation evaluation = pass.evaluation();
    int count = Math.toIntExact(evaluation.tokens());
    int perBatch = count / evaluation.batches();
    float[] losses = new float[count];
    float[] entropies = new float[count];
    float[] lowest = new float[count];
    int[] targets = new int[count];
    double[] sums = new double[TEMPERATURES]; // of the losses at each temperature
    forEachTemperature((batch, t, ids, predictions) -> {
      double[] numbers = predictions.toDoubles(); // (B, T, 3)
      sums[t] += EvaluationPass.sum(numbers, Predictions.LOSS, Predictions.NUMBERS);
      if (t == TemperatureFit.one()) {
        int start = batch * perBatch;
        for (int i = 0; i < perBatch; i++) {
          int at = i * Predictions.NUMBERS;
          targets[start + i] = ids.getInt(i);
          losses[start + i] = (float) numbers[at + Predictions.LOSS];
          entropies[start + i] = (float) numbers[at + Predictions.ENTROPY];
          lowest[start + i] = (float) numbers[at + Predictions.LOWEST];
        }
      }
    });
    for (int t = 0; t < sums.length; t++) {
      sums[t] /= count;
    }
    if (yardstick == null) {
      yardstick = Yardstick.of(data, evaluation);
    }
    int windows = evaluation.batches() * evaluation.batch();
    return new Result(
        examination(losses, entropies, lowest, TemperatureFit.of(sums), yardstick),
        new ValidationTokens(windows, evaluation.sequence(), losses, entropies, targets));
  }

  /** What is done with a batch at one temperature: its targets and predictions (B, T, 3). */
  private interface Body {
    void accept(int batch, int temperature, Tensor targets, Tensor predictions);
  }

  private void forEachTemperature(Body body) {
    double[] temperatures = TemperatureFit.temperatures();
    pass.forEach((number, logits, batch) -> {
      for (int t = 0; t < temperatures.length; t++) {
        Tensor predictions = logits.predictions(batch.targets(), temperatures[t]);
        body.accept(number, t, batch.targets(), predictions);
        predictions.giveBack();
      }
    });
  }

  /** Runs the model as {@link #examine} does, and forgets what comes of it. */
  public void rehearse() {
    forEachTemperature((_, _, _, _) -> {});
  }

  private static Examination examination(
      float[] losses, float[] entropies, float[] lowest, TemperatureFit fit, Yardstick yardstick) {
    int n = losses.length;
    double[] confidence = new double[n];
    boolean[] right = new boolean[n];
    int correct = 0;
    for (int i = 0; i < n; i++) {
      confidence[i] = Math.exp(-lowest[i]);
      right[i] = losses[i] <= lowest[i]; // equal where the target is a likeliest token
      correct += right[i] ? 1 : 0;
    }
    double mean = moment(losses, 0, 1);
    double variance = moment(losses, mean, 2);
    float[] sorted = losses.clone();
    Arrays.sort(sorted);
    return new Examination(
        n,
        mean,
        variance,
        variance == 0 ? 0 : moment(losses, mean, 3) / Math.pow(variance, 1.5),
        quantile(sorted, 0.5),
        quantile(sorted, 0.99),
        moment(entropies, 0, 1),
        fit.temperature(),
        fit.loss(),
        fit.atEdge(),
        Calibration.error(confidence, right),
        (double) correct / n,
        yardstick.frequency().means(losses),
        yardstick.difficulty().means(losses));
  }

  private static double moment(float[] values, double center, int power) {
    double sum = 0;
    for (float value : values) {
      double distance = value - center;
      sum += power == 1 ? distance : power == 2 ? distance * distance : Math.pow(distance, power);
    }
    return sum / values.length;
  }

  /** The nearest-rank quantile of sorted values. */
  private static double quantile(float[] sorted, double share) {
    int rank = (int) Math.ceil(share * sorted.length) - 1;
    return sorted[Math.clamp(rank, 0, sorted.length - 1)];
  }
}
