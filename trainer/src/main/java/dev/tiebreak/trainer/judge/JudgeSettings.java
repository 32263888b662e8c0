package dev.tiebreak.trainer.judge;

import dev.tiebreak.trainer.ballot.protocol.JudgingPlan;
import dev.tiebreak.trainer.base.Check;
import java.time.Duration;

/**
 * Who sees how much. Fixed when judging begins, and kept with the answers.
 *
 * @param judgmentsPerPair how many judges see each pair
 * @param itemsPerJudge pairs that one judge sees, at most one of each prompt; duplicates and catch
 *     items come on top
 * @param duplicates pairs that a judge sees twice, one of them with sides swapped
 * @param catchItems pairs of a text and obvious nonsense
 * @param seed of who sees what, of sides and of the order
 * @param abandonedAfter what a judge has not answered is handed to others when nothing was heard
 *     from the judge for so long
 */
public record JudgeSettings(
    int judgmentsPerPair,
    int itemsPerJudge,
    int duplicates,
    int catchItems,
    long seed,
    Duration abandonedAfter) {
  /** A day: a judge who sleeps on it finds everything as it was. */
  public static final Duration ABANDONED_AFTER = Duration.ofDays(1);

  /** As a plan says. */
  public static JudgeSettings of(JudgingPlan plan) {
    return new JudgeSettings(
        plan.judgmentsPerPair(),
        plan.itemsPerJudge(),
        plan.duplicates(),
        plan.catchItems(),
        plan.seed(),
        ABANDONED_AFTER);
  }

  /** Checks every value. */
  public JudgeSettings {
    check(judgmentsPerPair >= 1, "judgments per pair", judgmentsPerPair, "1 or more");
    check(itemsPerJudge >= 1, "pairs for one judge", itemsPerJudge, "1 or more");
    String most = "from 0 to the pairs for one judge, " + itemsPerJudge;
    check(duplicates >= 0 && duplicates <= itemsPerJudge, "duplicates", duplicates, most);
    check(catchItems >= 0 && catchItems <= itemsPerJudge, "catch items", catchItems, most);
    check(
        abandonedAfter.isPositive(),
        "time after which a sitting is abandoned",
        abandonedAfter,
        "positive");
  }

  private static void check(boolean good, String what, Object value, String allowed) {
    Check.user(good, "the %s is %s; it must be %s", what, value, allowed);
  }
}
