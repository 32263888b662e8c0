package dev.tiebreak.trainer.ballot.pairs;

import java.util.Locale;
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
    Optional<Rule> ruled,
    Side treatment,
    Side control) {
  private static final String RULED = "ruled";

  /** Why a pair is a tie without being judged. */
  public enum Rule {
    /** One of the texts, or both, holds nothing but white space. */
    EMPTY,
    /** The texts are equal to the last character. */
    IDENTICAL;

    static Rule of(String name) {
      return valueOf(name.toUpperCase(Locale.ROOT));
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

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
        json.has(RULED) ? Optional.of(Rule.of(json.get(RULED).asString())) : Optional.empty(),
        Side.of(json.required("treatment")),
        Side.of(json.required("control")));
  }
}
