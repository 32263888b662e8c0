package dev.tiebreak.trainer.evidence.statistics.votes;

import java.util.OptionalDouble;
import java.util.function.Predicate;

/**
 * How one judge worked, without regard to which text was whose: what exclusions may look at.
 *
 * @param lefts how many preferred the text on the left
 * @param medianMs median time of a vote, if times are known
 * @param medianMsPerWord median of the time over the words shown, if both are known
 * @param catchItems how many items with an obvious answer there were
 * @param catchFailed how many of these were answered wrongly
 */
public record JudgeHabits(
    int judge,
    int votes,
    int ties,
    int lefts,
    OptionalDouble medianMs,
    OptionalDouble medianMsPerWord,
    int catchItems,
    int catchFailed) {

  /** The share of ties; 0 without votes. */
  public double tieShare() {
    return votes == 0 ? 0 : (double) ties / votes;
  }

  /** The share of the side that was preferred more often, among decisive votes; 0 without any. */
  public double sideShare() {
    int decisive = votes - ties;
    return decisive == 0 ? 0 : (double) Math.max(lefts, decisive - lefts) / decisive;
  }

  /**
   * From where on a judge is left out.
   *
   * @param fastestMs a median time below this is a speed-clicker's
   * @param fastestMsPerWord and so is one below this for each word
   * @param mostTies a larger share of ties is tie-biased
   * @param mostOneSide a larger share of one side is one-sided
   * @param catchItems whether one who fails all of them is left out
   * @param leastVotes times, ties and sides of fewer votes say nothing of a judge; of sides, of
   *     fewer decisive ones
   */
  public record Limits(
      String name,
      double fastestMs,
      double fastestMsPerWord,
      double mostTies,
      double mostOneSide,
      boolean catchItems,
      int leastVotes) {
    /** Those that the plan fixes before any vote. */
    public static final Limits PLAN = new Limits("plan", 3000, 40, 0.8, 0.9, true, 8);

    /**
     * In the style of the original's filters, speed-clickers and tie-biased judges, whose limits
     * were not published: these are our stricter reading.
     */
    public static final Limits ORIGINAL_STYLE =
        new Limits("original's style", 5000, 0, 0.5, 1, false, 1);

    /** Those who vote faster than one can read. */
    public Predicate<JudgeHabits> speedClicker() {
      return h ->
          h.votes >= leastVotes
              && (h.medianMs.orElse(Double.MAX_VALUE) < fastestMs
                  || h.medianMsPerWord.orElse(Double.MAX_VALUE) < fastestMsPerWord);
    }

    /** Those who nearly always see no difference. */
    public Predicate<JudgeHabits> tieBiased() {
      return h -> h.votes >= leastVotes && h.tieShare() > mostTies;
    }

    /** Those who nearly always take the same side. */
    public Predicate<JudgeHabits> oneSided() {
      return h -> h.votes - h.ties >= leastVotes && h.sideShare() > mostOneSide;
    }

    /** Those who fail all that anyone can see. */
    public Predicate<JudgeHabits> failedCatch() {
      return h -> catchItems && h.catchItems > 0 && h.catchFailed == h.catchItems;
    }

    public Predicate<JudgeHabits> any() {
      return speedClicker().or(tieBiased()).or(oneSided()).or(failedCatch());
    }
  }
}
