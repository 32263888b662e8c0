package dev.tiebreak.trainer.judge.scripted;

import dev.tiebreak.trainer.base.Check;

/**
 * Who judges how much.
 *
 * @param kind the rule of all judges
 * @param judges how many
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
  /** Checks every value. */
  public ScriptedSettings {
    require(judges >= 1, "--judges", judges, "1 or more");
    require(items >= 1, "--items", items, "1 or more");
    require(duplicates >= 0 && duplicates <= items, "duplicates", duplicates, "at most --items");
    require(preference >= 0 && preference <= 1, "--preference", preference, "from 0 to 1");
    require(ties >= 0 && ties <= 1, "--ties", ties, "from 0 to 1");
  }

  private static void require(boolean holds, String option, Number value, String allowed) {
    Check.user(holds, "%s is %s; it must be %s", option, value, allowed);
  }
}
