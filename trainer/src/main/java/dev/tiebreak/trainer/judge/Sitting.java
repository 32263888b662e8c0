package dev.tiebreak.trainer.judge;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.tiebreak.trainer.base.Names;
import java.util.List;
import java.util.OptionalInt;

/**
 * How far a judge is: all that a page is told.
 *
 * @param answered items that were answered, duplicates and catch items among them
 * @param total items that there are for this judge
 * @param undo the item whose answer can be taken back
 */
record Sitting(
    Phase phase, int answered, int total, OptionalInt undo, List<Shown> items, Counts counts) {

  /** What a page shows. */
  enum Phase {
    /** Consent and questions. */
    WELCOME,
    /** A pair. */
    JUDGING,
    /** Thanks. */
    DONE,
    /** All pairs are with other judges. */
    WAITING,
    /** As many judges have begun through this open link as may. */
    FULL;

    @Override
    public String toString() {
      return Names.label(this);
    }
  }

  /** Two texts as a judge sees them. */
  record Shown(int item, String prompt, String left, String right) {}

  /**
   * A judge's own answers.
   *
   * @param millis time that pairs were looked at
   */
  record Counts(int left, int right, int same, int unusable, @JsonProperty("ms") long millis) {
    static final Counts NONE = new Counts(0, 0, 0, 0, 0);
  }

  /**
   * What a judge says about an item.
   *
   * @param choice as stored
   * @param responseMs time that the pair was visible
   * @param clientTime milliseconds since 1970 by the judge's clock
   * @param key new for each answer, the same when it is sent again
   */
  record Answer(
      int item, String choice, long responseMs, long clientTime, String device, String key) {}

  /**
   * What a judge says about himself or herself; empty where nothing was said.
   *
   * @param nativeSpeaker yes or no
   */
  record Questions(String nativeSpeaker, String ageBand, String experience) {}

  /**
   * @param accepted whether the answer counts, now or from an earlier time that it was sent
   */
  record Taken(boolean accepted, @JsonUnwrapped Sitting sitting) {}

  /**
   * @param token of the judge's own link, which may be a new one
   */
  record Begun(String token, @JsonUnwrapped Sitting sitting) {}

  static Sitting without(Phase phase) {
    return new Sitting(phase, 0, 0, OptionalInt.empty(), List.of(), Counts.NONE);
  }
}
