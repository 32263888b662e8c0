package dev.tiebreak.trainer.judge.scripted;

import dev.tiebreak.trainer.ballot.JudgeKind;
import dev.tiebreak.trainer.ballot.JudgedPair;
import dev.tiebreak.trainer.ballot.Vote;
import dev.tiebreak.trainer.ballot.pairs.KeyEntry;
import dev.tiebreak.trainer.ballot.pairs.PairKey;
import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.Sha256;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.judge.Assignment;
import dev.tiebreak.trainer.judge.Assignment.Count;
import dev.tiebreak.trainer.judge.Assignment.Item;
import dev.tiebreak.trainer.judge.Assignment.Past;
import dev.tiebreak.trainer.judge.JudgeSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Scripted judges at work. {@link Assignment} says who sees what on which side, as it does for
 * people; some pairs are seen again at the end, the other way round. Equal pairs and settings give
 * equal votes.
 */
public final class ScriptedPanel {
  private static final String ALGORITHM = "L64X128MixRandom";

  private final ScriptedSettings settings;
  private final JudgeSettings rules;
  private final Map<String, KeyEntry> key = new HashMap<>();
  private final Map<String, Count> counts = new LinkedHashMap<>(); // by pair

  private ScriptedPanel(
      List<JudgedPair> pairs, ScriptedSettings settings, Optional<PairKey> pairKey) {
    this.settings = settings;
    rules =
        new JudgeSettings(
            Integer.MAX_VALUE, // judgments of a pair: their number follows from that of the judges
            settings.items(),
            settings.duplicates(),
            0,
            settings.seed(),
            JudgeSettings.ABANDONED_AFTER);
    pairKey.ifPresent(entries -> entries.entries().forEach(entry -> key.put(entry.pair(), entry)));
    for (JudgedPair pair : pairs) {
      counts.put(pair.pair(), new Count(pair, 0, 0));
      if (settings.kind() == ScriptedKind.ORACLE && !key.containsKey(pair.pair())) {
        throw new UserError(
            pairKey.isEmpty()
                ? "an oracle has to know whose text is whose; give the key of the pairs"
                : Words.of(
                    "the key has no pair %s; give the key that was made with these pairs",
                    pair.pair()),
            Remedy.parameter("key", "key.jsonl"));
      }
    }
    int prompts = (int) pairs.stream().map(JudgedPair::prompt).distinct().count();
    if (settings.items() > prompts) {
      throw new UserError(
          Words.of(
              "items is %d, but there are %d prompts, and no judge sees one twice; it must be %d or less",
              settings.items(), prompts, prompts),
          Remedy.parameter("items"));
    }
  }

  /**
   * Lets all judges judge.
   *
   * @param key what an oracle knows; others do not look at it
   * @return their votes, judge by judge
   * @throws UserError if an oracle lacks its key, or a judge would see a prompt twice
   */
  public static List<Vote> judge(
      List<JudgedPair> pairs, ScriptedSettings settings, Optional<PairKey> key) {
    return new ScriptedPanel(pairs, settings, key).judge();
  }

  private List<Vote> judge() {
    List<Vote> votes = new ArrayList<>();
    for (int i = 1; i <= settings.judges(); i++) {
      String id = Words.of("scripted-%s-%d", settings.kind(), i);
      ScriptedJudge judge = new ScriptedJudge(settings, key, random(id, "choices"));
      List<JudgedPair> shown = sitting(random(id, "items"));
      for (JudgedPair pair : shown) {
        votes.add(vote(id, judge, pair));
      }
      for (JudgedPair pair : shown.subList(0, settings.duplicates())) {
        votes.add(vote(id, judge, pair.swapped()).swappedOf(pair.pair()));
      }
    }
    return votes;
  }

  private static Vote vote(String id, ScriptedJudge judge, JudgedPair shown) {
    return Vote.by(id, JudgeKind.SCRIPTED, judge.choose(shown))
        .on(shown.prompt(), shown.pair())
        .sides(shown.leftId(), shown.rightId());
  }

  /** What one judge sees, in its order, with sides as shown. */
  private List<JudgedPair> sitting(RandomGenerator random) {
    List<JudgedPair> shown = new ArrayList<>();
    for (Item item : Assignment.more(rules, counts.values(), settings.items(), Past.NONE, random)) {
      counts.computeIfPresent(
          item.pair().pair(),
          (_, seen) ->
              new Count(seen.pair(), seen.count() + 1, seen.unturned() + (item.turned() ? -1 : 1)));
      shown.add(item.turned() ? item.pair().swapped() : item.pair());
    }
    return shown;
  }

  /** A generator of its own for each judge and purpose. */
  private RandomGenerator random(String judge, String purpose) {
    String hash = Sha256.of(settings.seed() + "\0" + judge + "\0" + purpose);
    return RandomGeneratorFactory.of(ALGORITHM)
        .create(Long.parseUnsignedLong(hash.substring(0, 16), 16));
  }
}
