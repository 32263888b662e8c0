package dev.tiebreak.trainer.lab.estimate;

import dev.tiebreak.nn.Gpt;
import dev.tiebreak.nn.GptConfig;
import dev.tiebreak.tensor.Backend;
import dev.tiebreak.trainer.lab.config.EvaluationConfig;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.device.Device;
import dev.tiebreak.trainer.lab.train.Rehearsal;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What a training will cost. All of it follows from shapes; no memory is taken.
 *
 * @param parameters its weights, by part
 * @param flopsPerToken floating-point operations to train on one, see {@link Gpt#flopsPerToken}
 * @param tokensPerStep tokens that one optimizer step learns from
 * @param tokens tokens of all steps
 * @param trainingFlops those of all steps, and of a token gain's reference model
 * @param evaluationFlops those of all evaluations, a third as many per token
 * @param memory bytes by part
 * @param checkpointBytes one checkpoint on the disk: weights and both moments
 */
public record Estimate(
    GptConfig gpt,
    Parameters parameters,
    double flopsPerToken,
    long tokensPerStep,
    long tokens,
    double trainingFlops,
    double evaluationFlops,
    Memory memory,
    long checkpointBytes) {
  private static final int PASSES_TO_TRAIN = 3; // forward once, backward as much as twice
  private static final int NUMBERS_PER_WEIGHT_SAVED = 3;
  private static final double SECONDS_PER_HOUR = 3600;

  /** Numbers of weights; the head has none of its own if it is tied. */
  public record Parameters(
      long tokenEmbedding,
      long positionEmbedding,
      long attention,
      long feedForward,
      long norms,
      long head) {

    static Parameters of(Gpt model) {
      return new Parameters(
          sum(model, "token_embedding\\..*"),
          sum(model, "position_embedding\\..*"),
          sum(model, "blocks\\.\\d+\\.attention\\..*"),
          sum(model, "blocks\\.\\d+\\.mlp\\..*"),
          sum(model, ".*norm\\..*"),
          sum(model, "head\\..*"));
    }

    private static long sum(Gpt model, String names) {
      Predicate<String> among = Pattern.compile(names).asMatchPredicate();
      return model.parameters().stream()
          .filter(parameter -> among.test(parameter.name()))
          .mapToLong(parameter -> parameter.master().size())
          .sum();
    }

    public long total() {
      return tokenEmbedding + positionEmbedding + attention + feedForward + norms + head;
    }
  }

  /**
   * Estimates a training.
   *
   * @param vocabulary tokens of the tokenizer, without padding
   * @param device whose memory; it need not be there
   */
  public static Estimate of(TrainConfig config, int vocabulary, Device device) {
    try (Backend dry = device.dry(config.training().threadCount())) {
      Rehearsal run = Rehearsal.of(config, vocabulary, dry);
      Parameters parameters = Parameters.of(run.model());
      double flops = run.model().flopsPerToken();
      double compared = run.reference().map(Gpt::flopsPerToken).orElse(0.0);
      long tokens = config.tokensPerStep() * config.training().steps();
      return new Estimate(
          run.model().config(),
          parameters,
          flops,
          config.tokensPerStep(),
          tokens,
          (flops + compared / PASSES_TO_TRAIN) * tokens, // a reference runs forwards only
          flops / PASSES_TO_TRAIN * evaluationTokens(config),
          Memory.of(config, run, device),
          parameters.total() * Float.BYTES * NUMBERS_PER_WEIGHT_SAVED);
    }
  }

  /** One evaluation before the first step, one after every so many and one after the last. */
  private static double evaluationTokens(TrainConfig config) {
    EvaluationConfig evaluation = config.evaluation();
    long evaluations = 1 + Math.ceilDiv(config.training().steps(), evaluation.every());
    double tokens = (double) config.training().batch() * config.model().sequenceLength();
    return tokens * evaluation.batches() * evaluations;
  }

  public double flops() {
    return trainingFlops + evaluationFlops;
  }

  /** How long it takes at a sustained rate of so many 10^12 operations per second. */
  public double hours(double teraflops) {
    return flops() / (teraflops * 1e12) / SECONDS_PER_HOUR;
  }
}
