package dev.tiebreak.trainer.ballot.pairs;

import com.fasterxml.jackson.annotation.JsonProperty;
import it.unimi.dsi.fastutil.objects.ObjectOpenHashSet;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * How much one generated text repeats itself. All are over tokens, of the completion without its
 * prompt.
 *
 * @param tokens how many
 * @param ended whether it ended by itself, with an end-of-text token
 * @param truncated whether it was cut at the limit of tokens instead
 * @param repetition seq-rep-4, the share of 4-grams that stood in the text before: 1 - distinct /
 *     all (Welleck et al. 2019, arXiv 1908.04319, equation 10); 0 below 4 tokens
 * @param distinct1 distinct tokens / all (Li et al. 2016, arXiv 1510.03055); 1 without tokens
 * @param distinct2 distinct pairs / all; 1 below 2 tokens
 * @param loop whether its end goes round in a loop, see {@link #loops}
 */
public record TextStatistics(
    int tokens,
    boolean ended,
    boolean truncated,
    @JsonProperty("seq_rep_4") double repetition,
    @JsonProperty("distinct_1") double distinct1,
    @JsonProperty("distinct_2") double distinct2,
    boolean loop) {
  /** The longest period that counts as a loop, in tokens. */
  public static final int LONGEST_PERIOD = 32;

  /** How often a period has to stand at the end. */
  public static final int ROUNDS = 3;

  /**
   * The statistics of one completion.
   *
   * @param text its tokens, without an end-of-text token
   * @param ended whether there was one
   */
  public static TextStatistics of(int[] text, boolean ended) {
    return new TextStatistics(
        text.length,
        ended,
        !ended,
        1 - distinct(text, 4),
        distinct(text, 1),
        distinct(text, 2),
        loops(text, LONGEST_PERIOD));
  }

  /** Distinct n-grams / all; 1 where there are none. */
  private static double distinct(int[] text, int n) {
    int all = text.length - n + 1;
    if (all < 1) {
      return 1;
    }
    Set<List<Integer>> seen = new ObjectOpenHashSet<>();
    for (int i = 0; i < all; i++) {
      seen.add(Arrays.stream(text, i, i + n).boxed().toList());
    }
    return (double) seen.size() / all;
  }

  /**
   * Whether the text ends with {@value #ROUNDS} rounds of one period of at most so many tokens, as
   * greedy sampling does once it is caught.
   */
  public static boolean loops(int[] text, int longestPeriod) {
    for (int period = 1; period <= longestPeriod; period++) {
      int from = text.length - ROUNDS * period;
      if (from < 0) {
        return false;
      }
      int end = text.length;
      if (Arrays.equals(text, from, end - period, text, from + period, end)) {
        return true;
      }
    }
    return false;
  }
}
