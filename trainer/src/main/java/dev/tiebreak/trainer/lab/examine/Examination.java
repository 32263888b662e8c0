package dev.tiebreak.trainer.lab.examine;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tiebreak.trainer.base.Artifact;
import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.UserError;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * {@code examination.json}: how a model predicts the tokens of an evaluation. Losses and entropies
 * are in nats per token; l is the loss of one token.
 *
 * @param tokens how many were predicted
 * @param loss the mean of l: the validation loss, to rounding
 * @param variance of l, over all tokens (population)
 * @param skew of l: E(l - mean)^3 / variance^1.5; 0 without variance
 * @param median of l, the nearest rank
 * @param p99 the 99th percentile of l, the nearest rank
 * @param entropy the mean entropy of the predictions
 * @param temperature T*, which minimises the loss of softmax(logits / T)
 * @param lossAtTemperature the loss at T*
 * @param temperatureAtEdge whether T* is an end of the range searched, [0.5, 2]
 * @param calibrationError the expected calibration error of top-1 confidence, 15 bins
 * @param accuracy share of tokens that a likeliest prediction names
 * @param lossByFrequency the mean of l by decile of the token's count in the training text, the
 *     rarest first; not a number where a decile is empty
 * @param lossByDifficulty the mean of l by decile of the token's surprisal under a bigram model of
 *     the training text, the easiest first
 */
public record Examination(
    long tokens,
    double loss,
    @JsonProperty("loss_variance") double variance,
    @JsonProperty("loss_skew") double skew,
    @JsonProperty("loss_p50") double median,
    @JsonProperty("loss_p99") double p99,
    double entropy,
    @JsonProperty("t_star") double temperature,
    @JsonProperty("loss_at_t_star") double lossAtTemperature,
    @JsonProperty("t_star_at_edge") boolean temperatureAtEdge,
    @JsonProperty("ece") double calibrationError,
    double accuracy,
    List<Double> lossByFrequency,
    List<Double> lossByDifficulty) {

  public static final Artifact<Examination> FORMAT =
      Artifact.of(
          Examination.class,
          "the examination",
          "examine the run again",
          Remedy.step(Remedy.Kind.EXAMINE));

  public Examination {
    lossByFrequency = List.copyOf(lossByFrequency);
    lossByDifficulty = List.copyOf(lossByDifficulty);
  }

  /**
   * What the loss does not say, in a fixed order, as it stands in a line of {@code metrics.jsonl}:
   * numbers, truth values and lists of numbers.
   */
  public SequencedMap<String, Object> beyondLoss() {
    SequencedMap<String, Object> map = new LinkedHashMap<>();
    map.put("entropy", entropy);
    map.put("t_star", temperature);
    map.put("loss_at_t_star", lossAtTemperature);
    map.put("t_star_at_edge", temperatureAtEdge);
    map.put("ece", calibrationError);
    map.put("accuracy", accuracy);
    map.put("loss_by_frequency", lossByFrequency);
    map.put("loss_by_difficulty", lossByDifficulty);
    return map;
  }

  /** Reads the file; throws {@link UserError} if it is missing or damaged. */
  public static Examination load(Path file) {
    return FORMAT.read(file);
  }
}
