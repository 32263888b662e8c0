package dev.tiebreak.trainer.evidence.statistics.fit;

import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;

/** Levels of a factor, numbered from 0 without gaps: the number of each observation. */
public final class Levels {
  private Levels() {}

  /** The levels that two factors make together. */
  public static int[] both(int[] first, int[] second) {
    Long2IntOpenHashMap numbers = new Long2IntOpenHashMap();
    int[] both = new int[first.length];
    for (int i = 0; i < both.length; i++) {
      int next = numbers.size();
      int known = numbers.putIfAbsent((long) first[i] << 32 | second[i], next);
      both[i] = numbers.size() > next ? next : known;
    }
    return both;
  }

  public static int count(int[] levels) {
    int most = -1;
    for (int level : levels) {
      most = Math.max(most, level);
    }
    return most + 1;
  }
}
