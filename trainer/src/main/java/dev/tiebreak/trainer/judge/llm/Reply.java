package dev.tiebreak.trainer.judge.llm;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.tiebreak.trainer.ballot.Choice;
import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.JsonLines;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;

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
    @JsonUnwrapped Id id,
    String vendor,
    String model,
    String prompt,
    @JsonProperty("left") String leftId,
    @JsonProperty("right") String rightId,
    @JsonProperty("rubric_sha256") String rubric,
    @JsonProperty("request_sha256") String request,
    Instant at,
    long ms,
    @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal cost,
    boolean lost,
    String body) {
  /** The file. */
  static final JsonLines<Reply> FORMAT =
      JsonLines.of(Reply.class, "the replies", "remove those lines, and they are asked again");

  /** Checks that there is a reply, unless it is lost. */
  Reply {
    Check.argument(lost || Answer.of(body).isPresent(), "body is no reply of a chat endpoint");
  }

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
}
