package dev.tiebreak.trainer.judge.llm;

import dev.tiebreak.trainer.ballot.JudgedPair;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One pair before one judge, in one order.
 *
 * @param judge who is asked
 * @param shown with sides as they are shown
 * @param order 1 as in the file of pairs, 2 with sides exchanged
 */
record Question(LlmJudge judge, JudgedPair shown, int order) {
  static final int FIRST = 1;
  static final int SECOND = 2;

  private static final int TEMPLATE_TOKENS = 64; // what an endpoint puts around a message, at most

  static Question of(LlmJudge judge, JudgedPair pair, int order) {
    return new Question(judge, order == FIRST ? pair : pair.swapped(), order);
  }

  /** What names this request among all. */
  Reply.Id id(int ask) {
    return new Reply.Id(judge.name(), shown.pair(), order, ask);
  }

  /** The request's body: JSON. */
  String body() {
    ObjectNode json = json();
    message((ArrayNode) json.get("messages"), "user", Rubric.question(shown));
    return json.toString();
  }

  /** The body of the request that asks again for the format, after an answer without verdict. */
  String bodyAgain(String answer) {
    ObjectNode json = json();
    ArrayNode messages = (ArrayNode) json.get("messages");
    message(messages, "user", Rubric.question(shown));
    message(messages, "assistant", answer.isBlank() ? "(no answer)" : answer);
    message(messages, "user", Rubric.FORMAT_REMINDER);
    return json.toString();
  }

  private ObjectNode json() {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("model", judge.model());
    json.putArray("messages");
    if (judge.sendTemperature()) {
      json.put("temperature", judge.temperature());
    }
    json.put(judge.limitName().name().toLowerCase(Locale.ROOT), judge.maxTokens());
    return json;
  }

  private static void message(ArrayNode messages, String role, String content) {
    messages.addObject().put("role", role).put("content", content);
  }

  /**
   * The most tokens a body can have: a token is a byte or more, in every vocabulary in use. JSON
   * escapes only add to it.
   */
  static long mostTokens(String body) {
    return body.getBytes(StandardCharsets.UTF_8).length + TEMPLATE_TOKENS;
  }
}
