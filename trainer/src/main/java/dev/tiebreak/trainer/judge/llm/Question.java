package dev.tiebreak.trainer.judge.llm;

import dev.tiebreak.trainer.ballot.JudgedPair;
import dev.tiebreak.trainer.base.Json;
import dev.tiebreak.trainer.base.Names;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

  /** A part of a conversation. */
  private record Message(String role, String content) {}

  /** The request's body: JSON. */
  String body() {
    return body(List.of(new Message("user", Rubric.question(shown))));
  }

  /** The body of the request that asks again for the format, after an answer without verdict. */
  String bodyAgain(String answer) {
    return body(
        List.of(
            new Message("user", Rubric.question(shown)),
            new Message("assistant", answer.isBlank() ? "(no answer)" : answer),
            new Message("user", Rubric.FORMAT_REMINDER)));
  }

  private String body(List<Message> messages) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("model", judge.model());
    json.put("messages", messages);
    if (judge.sendTemperature()) {
      json.put("temperature", judge.temperature());
    }
    json.put(Names.label(judge.limitName()), judge.maxTokens());
    return Json.line(json);
  }

  /**
   * The most tokens a body can have: a token is a byte or more, in every vocabulary in use. JSON
   * escapes only add to it.
   */
  static long mostTokens(String body) {
    return body.getBytes(StandardCharsets.UTF_8).length + TEMPLATE_TOKENS;
  }
}
