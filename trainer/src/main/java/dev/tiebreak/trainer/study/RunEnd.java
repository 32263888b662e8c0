package dev.tiebreak.trainer.study;

import dev.tiebreak.trainer.ballot.pairs.RunId;

/**
 * How a run's turn ended.
 *
 * @param reason what went wrong, in one line; empty if nothing did
 */
public record RunEnd(RunId run, Kind kind, String reason) {
  /** The ways in which it may end. */
  public enum Kind {
    /** It was complete before; nothing was done. */
    WAS_COMPLETE,
    /** All steps are done. */
    TRAINED,
    /** It was asked to stop, and has a checkpoint to go on from. */
    STOPPED,
    /** The study was asked to stop before its turn. */
    NOT_BEGUN,
    /** Another process trains it. */
    ELSEWHERE,
    /** It was given up before, since its numbers were beyond use; nothing was done. */
    WAS_ABORTED,
    /** It cannot be trained, or what is in its folder is not this run. */
    FAILED
  }

  RunEnd(RunId run, Kind kind) {
    this(run, kind, "");
  }

  /** Whether all its steps are done. */
  public boolean isComplete() {
    return kind == Kind.WAS_COMPLETE || kind == Kind.TRAINED;
  }
}
