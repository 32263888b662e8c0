package dev.tiebreak.trainer.ballot;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One judgment of one pair: a row of a table of votes.
 *
 * @param judge id of who judged
 * @param kind what the judge is
 * @param prompt id of the prompt
 * @param pair id of the pair
 * @param left the text that stood left for this judge: its opaque id, or the name of its arm once
 *     the key is used
 * @param right the text that stood right
 * @param choice by sides as this judge saw them
 * @param seed of the models, once known
 * @param responseMs how long the judge looked, in milliseconds
 * @param at when
 * @param vendor of a model; empty if unknown, and for others
 * @param swappedOf for a pair shown again with sides exchanged, the id of the pair it repeats;
 *     empty else. Repeats measure consistency and are not analysed
 * @param catchItem whether one text is obvious nonsense; such items are not analysed
 * @param leftTokens length of the left text
 * @param rightTokens length of the right text
 * @param extra columns that this program does not know, in their order; never with a known name
 */
public record Vote(
    String judge,
    JudgeKind kind,
    String prompt,
    String pair,
    String left,
    String right,
    Choice choice,
    OptionalLong seed,
    OptionalLong responseMs,
    Optional<Instant> at,
    String vendor,
    String swappedOf,
    boolean catchItem,
    OptionalInt leftTokens,
    OptionalInt rightTokens,
    Map<String, String> extra) {

  /** Copies the map. */
  public Vote {
    extra = Collections.unmodifiableMap(new LinkedHashMap<>(extra));
  }

  /** What cannot be judged twice. */
  public VoteId id() {
    return new VoteId(judge, pair, !swappedOf.isEmpty());
  }

  /** Begins a vote with what every vote has; all else is unknown. */
  public static VoteBuilder by(String judge, JudgeKind kind) {
    return new VoteBuilder(judge, kind);
  }

  /** A copy that can be changed. */
  public VoteBuilder toBuilder() {
    return new VoteBuilder(this);
  }
}
