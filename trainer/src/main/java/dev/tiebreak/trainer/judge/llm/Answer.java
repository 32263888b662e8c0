package dev.tiebreak.trainer.judge.llm;

import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The body of a chat endpoint's reply.
 *
 * @param text what the model said; empty if it said nothing
 * @param tokensIn of the question, if the reply tells
 */
record Answer(String text, OptionalLong tokensIn, OptionalLong tokensOut) {

  /** Empty if the body is cut, or is no reply at all. */
  static Optional<Answer> of(String body) {
    JsonNode json;
    try {
      json = JsonMapper.shared().readTree(body);
    } catch (JacksonException e) {
      return Optional.empty();
    }
    JsonNode message = json.path("choices").path(0).path("message");
    if (!message.isObject()) {
      return Optional.empty();
    }
    JsonNode usage = json.path("usage");
    return Optional.of(
        new Answer(
            message.path("content").asString(""),
            count(usage.path("prompt_tokens")),
            count(usage.path("completion_tokens"))));
  }

  private static OptionalLong count(JsonNode node) {
    return node.isIntegralNumber() && node.longValue() >= 0
        ? OptionalLong.of(node.longValue())
        : OptionalLong.empty();
  }

  /** Whether the reply tells what is to be paid for. */
  boolean hasUsage() {
    return tokensIn.isPresent() && tokensOut.isPresent();
  }
}
