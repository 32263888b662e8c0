package dev.tiebreak.trainer.study.pairs;

import dev.tiebreak.trainer.examine.TextStatistics;
import dev.tiebreak.trainer.study.RunId;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A line of the key: whose texts a pair shows.
 *
 * @param pair its id
 * @param comparison its comparison's name
 * @param prompt id of the prompt
 * @param completion which completion of the prompt, from 0; the same number on both sides, and so
 *     the same random numbers
 * @param ruled the rule that made it a tie; then no judge sees it
 * @param treatment the one text
 * @param control the other
 */
public record KeyEntry(
    String pair,
    String comparison,
    String prompt,
    int completion,
    Optional<TextPair.Rule> ruled,
    Side treatment,
    Side control) {
  private static final String RULED = "ruled";

  /**
   * One text of a pair.
   *
   * @param id in the judges' file; empty if no judge sees it
   * @param left whether it stands left; false if no judge sees it
   * @param run the model that wrote it
   * @param temperature it was sampled at
   * @param statistics of the text
   */
  public record Side(
      String id, boolean left, RunId run, double temperature, TextStatistics statistics) {

    private static Side of(Completion completion, Optional<String> id, boolean left) {
      CompletionRequest request = completion.request();
      return new Side(
          id.orElse(""), left, request.run(), request.temperature(), completion.statistics());
    }

    private ObjectNode json() {
      ObjectNode json = JsonMapper.shared().createObjectNode();
      if (!id.isEmpty()) {
        json.put("id", id);
        json.put("side", left ? "left" : "right");
      }
      json.put("arm", run.arm());
      json.put("seed", run.seed());
      json.put("temperature", temperature);
      StatisticsJson.put(json, statistics);
      return json;
    }

    private static Side of(JsonNode json) {
      return new Side(
          json.path("id").asString(""),
          json.path("side").asString("").equals("left"),
          new RunId(json.required("arm").asString(), json.required("seed").asLong()),
          json.required("temperature").asDouble(),
          StatisticsJson.read(json));
    }
  }

  /**
   * The line of a pair.
   *
   * @param id of the pair
   * @param shown how judges see it, if they do
   */
  static KeyEntry of(TextPair pair, String id, Optional<ShownPair> shown) {
    boolean treatmentLeft = shown.map(ShownPair::treatmentLeft).orElse(false);
    boolean controlLeft = shown.map(one -> !one.treatmentLeft()).orElse(false);
    return new KeyEntry(
        id,
        pair.comparison().name(),
        pair.prompt().id(),
        pair.treatment().request().sample(),
        pair.ruled(),
        Side.of(pair.treatment(), shown.map(ShownPair::treatmentId), treatmentLeft),
        Side.of(pair.control(), shown.map(ShownPair::controlId), controlLeft));
  }

  String toJson() {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("pair", pair);
    json.put("comparison", comparison);
    json.put("prompt", prompt);
    json.put("completion", completion);
    ruled.ifPresent(rule -> json.put(RULED, rule.toString()));
    json.set("treatment", treatment.json());
    json.set("control", control.json());
    return json.toString();
  }

  static KeyEntry of(JsonNode json) {
    return new KeyEntry(
        json.required("pair").asString(),
        json.required("comparison").asString(),
        json.required("prompt").asString(),
        json.required("completion").asInt(),
        json.has(RULED)
            ? Optional.of(TextPair.Rule.of(json.get(RULED).asString()))
            : Optional.empty(),
        Side.of(json.required("treatment")),
        Side.of(json.required("control")));
  }
}
