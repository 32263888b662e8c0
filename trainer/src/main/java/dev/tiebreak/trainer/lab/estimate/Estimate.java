package dev.tiebreak.trainer.lab.estimate;

import dev.tiebreak.nn.GptConfig;
import dev.tiebreak.trainer.lab.config.EvaluationConfig;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import java.util.List;

/**
 * What a training will cost. All of it follows from shapes; no tensor is allocated.
 *
 * @param gpt the model
 * @param parameters its weights, by part
 * @param tokensPerStep tokens that one optimizer step learns from
 * @param tokens tokens of all steps
 * @param trainingFlops floating-point operations of all steps, see {@link GptConfig#flopsPerToken},
 *     those of a token gain's reference model included
 * @param evaluationFlops those of all evaluations, a third as many per token
 * @param memory bytes by part
 * @param checkpointBytes one checkpoint on the disk: weights and both moments
 */
public record Estimate(
    GptConfig gpt,
    Parameters parameters,
    long tokensPerStep,
    long tokens,
    double trainingFlops,
    double evaluationFlops,
    MemoryPlan memory,
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

    static Parameters of(GptConfig gpt) {
      List<ModelTensors.Weight> weights = ModelTensors.of(gpt);
      return new Parameters(
          sum(weights, ModelTensors.Part.TOKEN_EMBEDDING),
          sum(weights, ModelTensors.Part.POSITION_EMBEDDING),
          sum(weights, ModelTensors.Part.ATTENTION),
          sum(weights, ModelTensors.Part.FEED_FORWARD),
          sum(weights, ModelTensors.Part.NORMS),
          sum(weights, ModelTensors.Part.HEAD));
    }

    private static long sum(List<ModelTensors.Weight> weights, ModelTensors.Part part) {
      return weights.stream()
          .filter(weight -> weight.part() == part)
          .mapToLong(ModelTensors.Weight::elements)
          .sum();
    }

    /** All of them. */
    public long total() {
      return tokenEmbedding + positionEmbedding + attention + feedForward + norms + head;
    }
  }

  /**
   * Estimates a training.
   *
   * @param vocabulary tokens of the tokenizer, without padding
   */
  public static Estimate of(TrainConfig config, int vocabulary, Footing footing) {
    GptConfig gpt = config.model().gpt(vocabulary);
    Parameters parameters = Parameters.of(gpt);
    long tokens = config.tokensPerStep() * config.training().steps();
    return new Estimate(
        gpt,
        parameters,
        config.tokensPerStep(),
        tokens,
        (gpt.flopsPerToken() + referenceFlopsPerToken(config, gpt, footing)) * tokens,
        gpt.flopsPerToken() / PASSES_TO_TRAIN * evaluationTokens(config),
        MemoryPlan.of(config, gpt, footing),
        parameters.total() * Float.BYTES * NUMBERS_PER_WEIGHT_SAVED);
  }

  /** A reference model of a token gain runs forwards only. */
  private static double referenceFlopsPerToken(TrainConfig config, GptConfig gpt, Footing footing) {
    return config.gain().hasReference()
        ? ReferencePlan.of(config, gpt, footing).gpt().flopsPerToken() / PASSES_TO_TRAIN
        : 0;
  }

  /** One evaluation before the first step, one after every so many and one after the last. */
  private static double evaluationTokens(TrainConfig config) {
    EvaluationConfig evaluation = config.evaluation();
    long evaluations = 1 + Math.ceilDiv(config.training().steps(), evaluation.every());
    double tokens = (double) config.training().batch() * config.model().sequenceLength();
    return tokens * evaluation.batches() * evaluations;
  }

  /** Operations of the whole run. */
  public double flops() {
    return trainingFlops + evaluationFlops;
  }

  /** How long it takes at a sustained rate of so many 10^12 operations per second. */
  public double hours(double teraflops) {
    return flops() / (teraflops * 1e12) / SECONDS_PER_HOUR;
  }
}
