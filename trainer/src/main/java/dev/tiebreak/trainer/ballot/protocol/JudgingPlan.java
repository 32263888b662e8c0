package dev.tiebreak.trainer.ballot.protocol;

import dev.tiebreak.trainer.base.toml.KeyCheck;

/**
 * {@code [judging]}: who sees what, and whose judgments are left out. The limits are fixed before
 * any judgment, and know nothing of arms.
 *
 * @param judgmentsPerPair how many judges see each pair
 * @param itemsPerJudge pairs that one judge sees, at most one of each prompt; duplicates and catch
 *     items come on top
 * @param duplicates pairs that a judge sees twice, one of them with sides swapped; not analysed
 * @param catchItems pairs of a text and obvious nonsense; not analysed
 * @param seed of the assignment, of sides and of the order
 * @param leastSeconds a judge whose median time for a pair is shorter is left out
 * @param leastMsPerWord so is one whose median time for a word shown is shorter, in milliseconds
 * @param mostOneSide so is one who chooses one side in a larger share of the decided pairs
 * @param mostTies so is one who calls a larger share a tie
 * @param leastVotes these four rules leave judges of fewer votes alone: so few say nothing
 */
public record JudgingPlan(
    int judgmentsPerPair,
    int itemsPerJudge,
    int duplicates,
    int catchItems,
    long seed,
    double leastSeconds,
    double leastMsPerWord,
    double mostOneSide,
    double mostTies,
    int leastVotes) {
  public JudgingPlan {
    KeyCheck.atLeast(1, "judging.judgments_per_pair", judgmentsPerPair);
    KeyCheck.atLeast(1, "judging.items_per_judge", itemsPerJudge);
    KeyCheck.between(0, itemsPerJudge, "judging.duplicates", duplicates);
    KeyCheck.between(0, itemsPerJudge, "judging.catch_items", catchItems);
    KeyCheck.notNegative("judging.least_seconds", leastSeconds);
    KeyCheck.notNegative("judging.least_ms_per_word", leastMsPerWord);
    share("judging.most_one_side", mostOneSide, 0.5);
    share("judging.most_ties", mostTies, 0);
    KeyCheck.atLeast(1, "judging.least_votes", leastVotes);
  }

  private static void share(String key, double value, double least) {
    String allowed = least == 0 ? "a number from 0 to 1" : "a number from " + least + " to 1";
    KeyCheck.that(value >= least && value <= 1, key, value, allowed);
  }

  /**
   * Judges that are needed for so many pairs.
   *
   * @param prompts how many there are: no judge sees one of them twice
   */
  public long judges(long pairs, int prompts) {
    return Math.ceilDiv(pairs * judgmentsPerPair, Math.min(itemsPerJudge, prompts));
  }
}
