package dev.tiebreak.trainer.lab.tokenizer;

import dev.tiebreak.trainer.base.Check;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Byte-level byte pairs: ids 0..255 are bytes, id 256 + i is the i-th learned merge of two earlier
 * ids. Knows every text. A word is encoded by applying the merges in the order they were learned.
 */
public final class BpeTokenizer implements Tokenizer {
  private static final int CACHE_WORDS = 1 << 18;

  private final TokenizerSpec spec;
  private final long[] merges; // (merges) pairs of ids, as BpeTrainer.pair
  private final byte[][] bytes; // (V)(bytes of each token)
  private final Long2IntOpenHashMap mergedIds; // pair -> id, MAX_VALUE where not a merge
  private final Map<String, int[]> cache = new HashMap<>(); // guarded by itself

  /**
   * @param merges the pairs in the order they were learned
   * @param askedFor how many were asked for; the text may have had fewer
   * @throws IllegalArgumentException if a merge refers to an id that is not earlier than itself
   */
  BpeTokenizer(long[] merges, int askedFor) {
    this.spec = TokenizerSpec.bpe(askedFor);
    this.merges = merges.clone();
    this.bytes = new byte[ByteTokenizer.BYTES + merges.length][];
    this.mergedIds = new Long2IntOpenHashMap(merges.length);
    mergedIds.defaultReturnValue(Integer.MAX_VALUE);
    for (int id = 0; id < ByteTokenizer.BYTES; id++) {
      bytes[id] = new byte[] {(byte) id};
    }
    for (int i = 0; i < merges.length; i++) {
      int id = ByteTokenizer.BYTES + i;
      int left = (int) (merges[i] >>> 32);
      int right = (int) merges[i];
      boolean known = left >= 0 && left < id && right >= 0 && right < id;
      Check.argument(known, "merge %d refers to an id it comes before", i);
      bytes[id] = concatenate(bytes[left], bytes[right]);
      mergedIds.put(merges[i], id);
    }
  }

  private static byte[] concatenate(byte[] left, byte[] right) {
    byte[] both = Arrays.copyOf(left, left.length + right.length);
    System.arraycopy(right, 0, both, left.length, right.length);
    return both;
  }

  @Override
  public TokenizerSpec spec() {
    return spec;
  }

  @Override
  public int vocabularySize() {
    return bytes.length;
  }

  @Override
  public int[] encode(String text) {
    IntArrayList tokens = new IntArrayList(text.length() / 3 + 8);
    synchronized (cache) {
      for (int start = 0; start < text.length(); ) {
        int end = WordSplitter.end(text, start);
        int[] word = cached(text.substring(start, end));
        tokens.addElements(tokens.size(), word);
        start = end;
      }
    }
    return tokens.toIntArray();
  }

  private int[] cached(String word) {
    int[] known = cache.get(word);
    if (known != null) {
      return known;
    }
    if (cache.size() >= CACHE_WORDS) {
      cache.clear();
    }
    int[] tokens = encodeWord(word);
    cache.put(word, tokens);
    return tokens;
  }

  /** Merges the earliest learned pair of the word until no pair is known. */
  private int[] encodeWord(String word) {
    int[] symbols = BpeTrainer.symbols(word);
    int length = symbols.length;
    while (true) {
      int earliest = Integer.MAX_VALUE;
      for (int i = 1; i < length; i++) {
        earliest = Math.min(earliest, mergedIds.get(BpeTrainer.pair(symbols[i - 1], symbols[i])));
      }
      if (earliest == Integer.MAX_VALUE) {
        return Arrays.copyOf(symbols, length);
      }
      long pair = merges[earliest - ByteTokenizer.BYTES];
      length = BpeTrainer.merge(symbols, length, pair, earliest);
    }
  }

  @Override
  public byte[] bytes(int token) {
    return bytes[token].clone();
  }

  /** Pairs of ids, in the order they were learned. */
  List<int[]> merges() {
    return Arrays.stream(merges)
        .mapToObj(pair -> new int[] {(int) (pair >>> 32), (int) pair})
        .toList();
  }
}
