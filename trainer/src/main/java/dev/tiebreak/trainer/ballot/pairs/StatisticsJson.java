package dev.tiebreak.trainer.ballot.pairs;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A text's statistics as they stand in the files about completions. */
public final class StatisticsJson {
  private static final String TOKENS = "tokens";
  private static final String ENDED = "ended";
  private static final String TRUNCATED = "truncated";
  private static final String REPETITION = "seq_rep_4";
  private static final String DISTINCT_1 = "distinct_1";
  private static final String DISTINCT_2 = "distinct_2";
  private static final String LOOP = "loop";

  private StatisticsJson() {}

  /** Adds them; a text that the model did not end was cut at the limit of tokens. */
  public static void put(ObjectNode json, TextStatistics statistics) {
    boolean ended = statistics.ended() == 1;
    json.put(TOKENS, (int) statistics.tokens());
    json.put(ENDED, ended);
    json.put(TRUNCATED, !ended);
    json.put(REPETITION, statistics.repetition());
    json.put(DISTINCT_1, statistics.distinct1());
    json.put(DISTINCT_2, statistics.distinct2());
    json.put(LOOP, statistics.loop() == 1);
  }

  /** Reads what {@link #put} wrote; throws IllegalArgumentException where something is missing. */
  public static TextStatistics read(JsonNode json) {
    return new TextStatistics(
        json.required(TOKENS).asInt(),
        json.required(REPETITION).asDouble(),
        json.required(DISTINCT_1).asDouble(),
        json.required(DISTINCT_2).asDouble(),
        json.required(ENDED).asBoolean() ? 1 : 0,
        json.required(LOOP).asBoolean() ? 1 : 0);
  }
}
