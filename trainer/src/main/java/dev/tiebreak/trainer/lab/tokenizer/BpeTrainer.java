package dev.tiebreak.trainer.lab.tokenizer;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.Long2LongOpenHashMap;
import it.unimi.dsi.fastutil.longs.Long2ObjectOpenHashMap;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import it.unimi.dsi.fastutil.longs.LongSet;
import it.unimi.dsi.fastutil.objects.Object2LongOpenHashMap;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/**
 * Learns byte pairs: again and again, the pair of neighbouring symbols that occurs most often
 * becomes a symbol of its own.
 *
 * <p>Words are counted once, and the work is done on distinct words. Pair counts are kept up to
 * date rather than recounted: a merge visits only the words that hold its pair. The best pair comes
 * from a heap whose entries may be out of date; a pair's count only ever falls after the merge that
 * created it, so an entry that turns out too high is put back with its true count. Of equally
 * frequent pairs the one with the smaller left id, then the smaller right id, is taken: the result
 * depends on nothing but the text.
 */
final class BpeTrainer {
  /** A pair that occurs once would be a symbol of one place in the text. */
  private static final long MIN_COUNT = 2;

  /** A pair and how often it occurred when this was made; the heap's order. */
  private record Candidate(long pair, long count) implements Comparable<Candidate> {
    @Override
    public int compareTo(Candidate other) {
      int byCount = Long.compare(other.count, count);
      return byCount != 0 ? byCount : Long.compare(pair, other.pair);
    }
  }

  private final int[][] words; // symbols of each distinct word, replaced as it shrinks
  private final long[] wordCounts; // occurrences of each distinct word in the text
  private final Long2LongOpenHashMap pairCounts = new Long2LongOpenHashMap();
  private final Long2ObjectOpenHashMap<IntArrayList> wordsWithPair = // may list stale words
      new Long2ObjectOpenHashMap<>();
  private final PriorityQueue<Candidate> candidates = new PriorityQueue<>();

  private BpeTrainer(Object2LongOpenHashMap<String> counts) {
    words = new int[counts.size()][];
    wordCounts = new long[counts.size()];
    int word = 0;
    for (Object2LongOpenHashMap.Entry<String> entry : counts.object2LongEntrySet()) {
      words[word] = symbols(entry.getKey());
      wordCounts[word] = entry.getLongValue();
      word++;
    }
  }

  /**
   * Learns a tokenizer.
   *
   * @param merges how many pairs to merge at most; fewer when no pair occurs twice any more
   */
  static BpeTokenizer train(TextPieces text, int merges, Consumer<String> status) {
    status.accept("counting words");
    BpeTrainer trainer = new BpeTrainer(countWords(text));
    status.accept("learning " + merges + " merges");
    return new BpeTokenizer(trainer.learn(merges), merges);
  }

  private static Object2LongOpenHashMap<String> countWords(TextPieces text) {
    Object2LongOpenHashMap<String> counts = new Object2LongOpenHashMap<>();
    text.forEach(piece -> {
      for (int start = 0; start < piece.length(); ) {
        int end = WordSplitter.end(piece, start);
        counts.addTo(piece.substring(start, end), 1);
        start = end;
      }
    });
    return counts;
  }

  /** The UTF-8 bytes of a word as symbols 0..255. */
  static int[] symbols(String word) {
    byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
    int[] symbols = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      symbols[i] = Byte.toUnsignedInt(bytes[i]);
    }
    return symbols;
  }

  /** Two symbols as one key that sorts by left, then by right. */
  static long pair(int left, int right) {
    return (long) left << 32 | right;
  }

  /**
   * Replaces every occurrence of a pair, from left to right, by one symbol.
   *
   * @param symbols a word, changed in place
   * @param length how many of them count
   * @return how many count afterwards
   */
  static int merge(int[] symbols, int length, long pair, int merged) {
    int kept = 0;
    for (int i = 0; i < length; kept++) {
      if (i + 1 < length && pair(symbols[i], symbols[i + 1]) == pair) {
        symbols[kept] = merged;
        i += 2;
      } else {
        symbols[kept] = symbols[i];
        i++;
      }
    }
    return kept;
  }

  private long[] learn(int merges) {
    for (int word = 0; word < words.length; word++) {
      addPairs(word, wordCounts[word]);
      for (int i = 1; i < words[word].length; i++) {
        listWord(pair(words[word][i - 1], words[word][i]), word);
      }
    }
    pairCounts.forEach((pair, count) -> candidates.add(new Candidate(pair, count)));
    LongArrayList learned = new LongArrayList();
    while (learned.size() < merges && !candidates.isEmpty()) {
      Candidate best = candidates.poll();
      long count = pairCounts.get(best.pair);
      if (count < MIN_COUNT) {
        continue;
      }
      if (count < best.count) {
        candidates.add(new Candidate(best.pair, count));
        continue;
      }
      applyMerge(best.pair, ByteTokenizer.BYTES + learned.size());
      learned.add(best.pair);
    }
    return learned.toLongArray();
  }

  private void applyMerge(long pair, int merged) {
    LongSet created = new LongOpenHashSet();
    for (int word : wordsWithPair.remove(pair)) {
      int[] symbols = words[word].clone();
      int length = merge(symbols, symbols.length, pair, merged);
      if (length == symbols.length) {
        continue; // the pair is no longer in this word
      }
      addPairs(word, -wordCounts[word]);
      words[word] = Arrays.copyOf(symbols, length);
      addPairs(word, wordCounts[word]);
      for (int i = 1; i < length; i++) {
        if (symbols[i - 1] == merged || symbols[i] == merged) {
          long neighbours = pair(symbols[i - 1], symbols[i]);
          listWord(neighbours, word);
          created.add(neighbours);
        }
      }
    }
    for (long fresh : created) {
      candidates.add(new Candidate(fresh, pairCounts.get(fresh)));
    }
  }

  private void addPairs(int word, long count) {
    int[] symbols = words[word];
    for (int i = 1; i < symbols.length; i++) {
      pairCounts.addTo(pair(symbols[i - 1], symbols[i]), count);
    }
  }

  private void listWord(long pair, int word) {
    IntArrayList list = wordsWithPair.computeIfAbsent(pair, _ -> new IntArrayList(2));
    if (list.isEmpty() || list.getInt(list.size() - 1) != word) {
      list.add(word);
    }
  }
}
