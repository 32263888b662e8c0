package dev.tiebreak.trainer.judge.scripted;

import dev.tiebreak.trainer.ballot.JudgedPair;
import dev.tiebreak.trainer.ballot.protocol.JudgingPlan;
import dev.tiebreak.trainer.ballot.protocol.Protocol;
import dev.tiebreak.trainer.base.Check;
import java.util.List;
import java.util.Optional;

/**
 * Who judges how much.
 *
 * @param items pairs that one judge sees, at most one of each prompt
 * @param duplicates how many of them are shown again with sides exchanged
 * @param preference how often an oracle takes the treatment's text of those it decides, 0 to 1
 * @param ties share of items that a judge calls the same whatever its rule says, 0 to 1
 * @param seed of everything that is drawn
 */
public record ScriptedSettings(
    ScriptedKind kind,
    int judges,
    int items,
    int duplicates,
    double preference,
    double ties,
    long seed) {
  /** How often an oracle takes the treatment's text where nobody says otherwise. */
  public static final double PREFERENCE = 0.6;

  /**
   * Settings that follow a plan where nothing else is said.
   *
   * @param pairs to judge: no judge sees more of them than there are prompts
   * @param plan of the study, if the pairs are one's; judges of other pairs see none twice
   */
  public static ScriptedSettings planned(
      ScriptedKind kind, int judges, List<JudgedPair> pairs, Optional<JudgingPlan> plan) {
    int prompts = (int) pairs.stream().map(JudgedPair::prompt).distinct().count();
    JudgingPlan judging = plan.orElseGet(() -> Protocol.usual().judging());
    int items = Math.min(prompts, judging.itemsPerJudge());
    int duplicates = plan.isPresent() ? Math.min(items, judging.duplicates()) : 0;
    return new ScriptedSettings(kind, judges, items, duplicates, PREFERENCE, 0, judging.seed());
  }

  public ScriptedSettings {
    Check.parameter(judges >= 1, "judges", judges, "1 or more");
    Check.parameter(items >= 1, "items", items, "1 or more");
    Check.parameter(
        duplicates >= 0 && duplicates <= items, "duplicates", duplicates, "at most items");
    Check.parameter(preference >= 0 && preference <= 1, "preference", preference, "from 0 to 1");
    Check.parameter(ties >= 0 && ties <= 1, "ties", ties, "from 0 to 1");
  }
}
