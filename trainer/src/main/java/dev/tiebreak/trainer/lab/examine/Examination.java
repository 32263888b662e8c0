package dev.tiebreak.trainer.lab.examine;

import dev.tiebreak.trainer.base.AtomicFiles;
import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

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
    double variance,
    double skew,
    double median,
    double p99,
    double entropy,
    double temperature,
    double lossAtTemperature,
    boolean temperatureAtEdge,
    double calibrationError,
    double accuracy,
    List<Double> lossByFrequency,
    List<Double> lossByDifficulty) {

  /** Copies the lists. */
  public Examination {
    lossByFrequency = List.copyOf(lossByFrequency);
    lossByDifficulty = List.copyOf(lossByDifficulty);
  }

  /** The JSON form: indented, ending in a newline. */
  public String toJson() {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("tokens", tokens);
    json.put("loss", loss);
    json.put("loss_variance", variance);
    json.put("loss_skew", skew);
    json.put("loss_p50", median);
    json.put("loss_p99", p99);
    json.setAll(JsonMapper.shared().<ObjectNode>valueToTree(beyondLoss()));
    return json.toPrettyString() + "\n";
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
    map.put("loss_by_frequency", orNull(lossByFrequency));
    map.put("loss_by_difficulty", orNull(lossByDifficulty));
    return map;
  }

  /** JSON has no NaN: null stands for it. */
  private static List<Double> orNull(List<Double> values) {
    List<Double> finite = new ArrayList<>();
    values.forEach(value -> finite.add(Double.isFinite(value) ? value : null));
    return finite;
  }

  /**
   * Writes the JSON form, whole or not at all.
   *
   * @throws UserError if it cannot be written
   */
  public void write(Path file) {
    try {
      AtomicFiles.writeString(file, toJson());
    } catch (IOException e) {
      throw UserError.io("write the examination", file, e);
    }
  }

  /**
   * Reads an examination.
   *
   * @throws UserError if the file is missing or damaged
   */
  public static Examination load(Path file) {
    try {
      JsonNode json = JsonMapper.shared().readTree(Files.readString(file));
      return new Examination(
          json.required("tokens").asLong(),
          json.required("loss").asDouble(),
          json.required("loss_variance").asDouble(),
          json.required("loss_skew").asDouble(),
          json.required("loss_p50").asDouble(),
          json.required("loss_p99").asDouble(),
          json.required("entropy").asDouble(),
          json.required("t_star").asDouble(),
          json.required("loss_at_t_star").asDouble(),
          json.required("t_star_at_edge").asBoolean(),
          json.required("ece").asDouble(),
          json.required("accuracy").asDouble(),
          numbers(json.required("loss_by_frequency")),
          numbers(json.required("loss_by_difficulty")));
    } catch (IOException e) {
      throw UserError.io("read the examination", file, e);
    } catch (JacksonException | IllegalArgumentException e) {
      throw new UserError(
          "the examination " + file + " is damaged; examine the run again",
          e,
          Remedy.step(Remedy.Kind.EXAMINE));
    }
  }

  private static List<Double> numbers(JsonNode array) {
    List<Double> numbers = new ArrayList<>();
    array.forEach(number -> numbers.add(number.isNull() ? Double.NaN : number.asDouble()));
    return numbers;
  }
}
