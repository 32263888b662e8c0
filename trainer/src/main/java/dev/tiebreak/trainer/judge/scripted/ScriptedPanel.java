package dev.tiebreak.trainer.judge.scripted;

import dev.tiebreak.trainer.Sha256;
import dev.tiebreak.trainer.UserError;
import dev.tiebreak.trainer.study.pairs.KeyEntry;
import dev.tiebreak.trainer.study.pairs.PairKey;
import dev.tiebreak.trainer.votes.JudgeKind;
import dev.tiebreak.trainer.votes.JudgedPair;
import dev.tiebreak.trainer.votes.Vote;
import dev.tiebreak.trainer.votes.VoteBuilder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Scripted judges at work. Each sees at most one pair of a prompt, and of prompts and pairs those
 * that fewest have seen; half of a judge's items are shown with sides exchanged (one more or less
 * where they are odd in number), and some again at the end, the other way round. Equal pairs and
 * settings give equal votes.
 */
public final class ScriptedPanel {
  private static final String ALGORITHM = "L64X128MixRandom";

  private final ScriptedSettings settings;
  private final Map<String, KeyEntry> key = new HashMap<>();
  private final Map<String, List<JudgedPair>> byPrompt = new LinkedHashMap<>();
  private final Map<String, Integer> seen = new HashMap<>(); // judgments by pair

  private ScriptedPanel(
      List<JudgedPair> pairs, ScriptedSettings settings, Optional<PairKey> pairKey) {
    this.settings = settings;
    pairKey.ifPresent(entries -> entries.entries().forEach(entry -> key.put(entry.pair(), entry)));
    for (JudgedPair pair : pairs) {
      byPrompt.computeIfAbsent(pair.prompt(), _ -> new ArrayList<>()).add(pair);
      seen.put(pair.pair(), 0);
      if (settings.kind() == ScriptedKind.ORACLE && !key.containsKey(pair.pair())) {
        throw new UserError(
            pairKey.isEmpty()
                ? "an oracle has to know whose text is whose; give --key key.jsonl"
                : "the key has no pair %s; give the key that was made with these pairs"
                    .formatted(pair.pair()));
      }
    }
    if (settings.items() > byPrompt.size()) {
      throw new UserError(
          "--items is %d, but there are %d prompts, and no judge sees one twice; it must be %d or less"
              .formatted(settings.items(), byPrompt.size(), byPrompt.size()));
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
      String id = "scripted-%s-%d".formatted(settings.kind(), i);
      ScriptedJudge judge = new ScriptedJudge(settings, key, random(id, "choices"));
      List<JudgedPair> shown = sitting(random(id, "items"));
      for (JudgedPair pair : shown) {
        votes.add(vote(id, judge, pair).build());
      }
      for (JudgedPair pair : shown.subList(0, settings.duplicates())) {
        votes.add(vote(id, judge, pair.swapped()).swappedOf(pair.pair()).build());
      }
    }
    return votes;
  }

  private static VoteBuilder vote(String id, ScriptedJudge judge, JudgedPair shown) {
    return Vote.by(id, JudgeKind.SCRIPTED)
        .on(shown.prompt(), shown.pair())
        .sides(shown.leftId(), shown.rightId())
        .choice(judge.choose(shown));
  }

  /** What one judge sees, in its order, with sides as shown. */
  private List<JudgedPair> sitting(RandomGenerator random) {
    List<List<JudgedPair>> prompts = new ArrayList<>(byPrompt.values());
    Collections.shuffle(prompts, random);
    prompts.sort(Comparator.comparingDouble(this::meanSeen));
    List<JudgedPair> items = new ArrayList<>();
    for (List<JudgedPair> pairs : prompts.subList(0, settings.items())) {
      items.add(leastSeen(pairs, random));
    }
    Collections.shuffle(items, random);
    List<JudgedPair> shown = new ArrayList<>();
    int exchanged = (items.size() + random.nextInt(2)) / 2;
    for (int i = 0; i < items.size(); i++) {
      seen.merge(items.get(i).pair(), 1, Integer::sum);
      shown.add(i < exchanged ? items.get(i).swapped() : items.get(i));
    }
    Collections.shuffle(shown, random);
    return shown;
  }

  /** Judgments of a prompt's pairs so far, on average. */
  private double meanSeen(List<JudgedPair> pairs) {
    return pairs.stream().mapToInt(pair -> seen.get(pair.pair())).average().orElseThrow();
  }

  /** The pair that fewest judges saw; which of several, is drawn. */
  private JudgedPair leastSeen(List<JudgedPair> pairs, RandomGenerator random) {
    List<JudgedPair> shuffled = new ArrayList<>(pairs);
    Collections.shuffle(shuffled, random);
    return Collections.min(shuffled, Comparator.comparingInt(pair -> seen.get(pair.pair())));
  }

  /** A generator of its own for each judge and purpose. */
  private RandomGenerator random(String judge, String purpose) {
    String hash = Sha256.of(settings.seed() + "\0" + judge + "\0" + purpose);
    return RandomGeneratorFactory.of(ALGORITHM)
        .create(Long.parseUnsignedLong(hash.substring(0, 16), 16));
  }
}
