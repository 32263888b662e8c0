package dev.tiebreak.trainer.judge.llm;

import dev.tiebreak.trainer.ballot.Choice;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A line of {@code llm-replies.jsonl}: what came back, verbatim, and all that makes a vote of it.
 *
 * @param id of the request
 * @param vendor of the judge
 * @param model as it was asked for
 * @param prompt id of the prompt
 * @param leftId id of the text that was shown left
 * @param rightId of the other
 * @param rubric its hash
 * @param request hash of the request's body
 * @param at when it came
 * @param ms how long it took, in milliseconds
 * @param cost exact if the reply says how many tokens it took, else the most it can have been
 * @param lost whether no whole reply came; it may have been charged
 * @param body the reply; for a lost one, what is known of it
 */
record Reply(
    Id id,
    String vendor,
    String model,
    String prompt,
    String leftId,
    String rightId,
    String rubric,
    String request,
    Instant at,
    long ms,
    BigDecimal cost,
    boolean lost,
    String body) {

  /**
   * What is asked once.
   *
   * @param judge its name
   * @param pair its id
   * @param order 1 or 2, see {@link Question}
   * @param ask 1, or 2 for the request that asks again for the format
   */
  record Id(String judge, String pair, int order, int ask) {}

  /** The verdict in it, by sides as shown. */
  Optional<Choice> verdict() {
    return lost ? Optional.empty() : Rubric.verdict(Answer.of(body).orElseThrow().text());
  }

  String toJson() {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("judge", id.judge());
    json.put("pair", id.pair());
    json.put("order", id.order());
    json.put("ask", id.ask());
    json.put("vendor", vendor);
    json.put("model", model);
    json.put("prompt", prompt);
    json.put("left", leftId);
    json.put("right", rightId);
    json.put("rubric_sha256", rubric);
    json.put("request_sha256", request);
    json.put("at", at.toString());
    json.put("ms", ms);
    json.put("cost", cost.toPlainString());
    json.put("lost", lost);
    json.put("body", body);
    return json.toString();
  }

  /** Throws IllegalArgumentException or another RuntimeException if the line is damaged. */
  static Reply of(JsonNode json) {
    Reply reply =
        new Reply(
            new Id(
                json.required("judge").stringValue(),
                json.required("pair").stringValue(),
                json.required("order").intValue(),
                json.required("ask").intValue()),
            json.required("vendor").stringValue(),
            json.required("model").stringValue(),
            json.required("prompt").stringValue(),
            json.required("left").stringValue(),
            json.required("right").stringValue(),
            json.required("rubric_sha256").stringValue(),
            json.required("request_sha256").stringValue(),
            Instant.parse(json.required("at").stringValue()),
            json.required("ms").longValue(),
            new BigDecimal(json.required("cost").stringValue()),
            json.required("lost").booleanValue(),
            json.required("body").stringValue());
    reply.verdict(); // throws if the body is no answer
    return reply;
  }
}
