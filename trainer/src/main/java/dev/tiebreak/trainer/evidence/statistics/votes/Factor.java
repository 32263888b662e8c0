package dev.tiebreak.trainer.evidence.statistics.votes;

import it.unimi.dsi.fastutil.ints.Int2IntOpenHashMap;
import java.util.List;
import java.util.function.ToIntFunction;

/** What judgments may have in common, and by which they come in clusters. */
public enum Factor {
  JUDGE("judge", Ballot::judge),
  /** What the texts continue. */
  PROMPT("prompt", Ballot::prompt),
  COMPLETION("completion", Ballot::completion),
  SEED_PAIR("seed pair", Ballot::seedPair);

  private final String words;
  private final ToIntFunction<Ballot> level;

  Factor(String words, ToIntFunction<Ballot> level) {
    this.words = words;
    this.level = level;
  }

  /** The number that a ballot has here. */
  public int of(Ballot ballot) {
    return level.applyAsInt(ballot);
  }

  @Override
  public String toString() {
    return words;
  }

  /** How many different ones there are; of pairs of models, how many are known. */
  public int count(List<Ballot> ballots) {
    return (int)
        ballots.stream()
            .mapToInt(level)
            .filter(one -> this != SEED_PAIR || one != Ballot.UNKNOWN_SEED_PAIR)
            .distinct()
            .count();
  }

  /** The ballots' levels, numbered from 0 in the order in which they first occur. */
  int[] compact(List<Ballot> ballots) {
    Int2IntOpenHashMap numbers = new Int2IntOpenHashMap();
    int[] compact = new int[ballots.size()];
    int i = 0;
    for (Ballot ballot : ballots) {
      int number = numbers.size();
      int known = numbers.putIfAbsent(of(ballot), number);
      compact[i++] = number < numbers.size() ? number : known;
    }
    return compact;
  }
}
