package dev.tiebreak.trainer.lab.examine;

import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.data.Evaluation;
import dev.tiebreak.trainer.lab.data.TokenFile;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * How frequent and how difficult each token of an evaluation is, by the training text alone: so the
 * parts are the same for every arm. A model's own losses would sort its tokens by its own mistakes.
 *
 * @param frequency deciles of how often the token is in the training text, the rarest first
 * @param difficulty deciles of the token's surprisal after the one before it, -log((n(a, b) + 1) /
 *     (n(a) + V)), the easiest first: a bigram model with add-one smoothing
 */
record Yardstick(Deciles frequency, Deciles difficulty) {
  /** No more than so many tokens of the training text are counted, from its beginning. */
  static final long MOST_COUNTED = 1 << 26;

  /** Counts the training text. */
  static Yardstick of(Dataset data, Evaluation evaluation) {
    int vocabulary = data.manifest().vocabulary();
    int perBatch = evaluation.batch() * evaluation.sequence();
    int tokens = Math.toIntExact(evaluation.tokens());
    int[] before = new int[tokens];
    int[] after = new int[tokens];
    MemorySegment inputs = MemorySegment.ofArray(new int[perBatch]);
    MemorySegment targets = MemorySegment.ofArray(new int[perBatch]);
    for (int i = 0; i < evaluation.batches(); i++) {
      evaluation.fill(i, inputs, targets);
      MemorySegment.copy(inputs, ValueLayout.JAVA_INT, 0, before, i * perBatch, perBatch);
      MemorySegment.copy(targets, ValueLayout.JAVA_INT, 0, after, i * perBatch, perBatch);
    }

    Long2IntOpenHashMap pairs = new Long2IntOpenHashMap(tokens); // those of the evaluation only
    for (int i = 0; i < tokens; i++) {
      pairs.put(pair(before[i], after[i]), 0);
    }
    int[] counts = new int[vocabulary];
    count(data.tokens(), Math.min(data.manifest().trainTokens(), MOST_COUNTED), counts, pairs);

    double[] frequency = new double[tokens];
    double[] surprisal = new double[tokens];
    for (int i = 0; i < tokens; i++) {
      frequency[i] = counts[after[i]];
      double together = pairs.get(pair(before[i], after[i])) + 1.0;
      surprisal[i] = Math.log((counts[before[i]] + (double) vocabulary) / together);
    }
    return new Yardstick(Deciles.by(frequency), Deciles.by(surprisal));
  }

  private static void count(TokenFile text, long size, int[] counts, Long2IntOpenHashMap pairs) {
    int last = -1;
    for (long i = 0; i < size; i++) {
      int token = text.token(i);
      counts[token]++;
      if (last >= 0) {
        long pair = pair(last, token);
        if (pairs.containsKey(pair)) {
          pairs.addTo(pair, 1);
        }
      }
      last = token;
    }
  }

  private static long pair(int before, int after) {
    return (long) before << Integer.SIZE | after;
  }
}
