package dev.tiebreak.trainer.ballot.pairs;

import it.unimi.dsi.fastutil.objects.ObjectOpenHashSet;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * How much one generated text repeats itself, or the mean of many. All are over tokens, of the
 * completion without its prompt.
 *
 * @param tokens how many
 * @param repetition seq-rep-4, the share of 4-grams that stood in the text before: 1 - distinct /
 *     all (Welleck et al. 2019, arXiv 1908.04319, equation 10); 0 below 4 tokens
 * @param distinct1 distinct tokens / all (Li et al. 2016, arXiv 1510.03055); 1 without tokens
 * @param distinct2 distinct pairs / all; 1 below 2 tokens
 * @param ended 1 if it ended by itself, with an end-of-text token, else 0
 * @param loop 1 if its end goes round in a loop, else 0, see {@link #loops}
 */
public record TextStatistics(
    double tokens,
    double repetition,
    double distinct1,
    double distinct2,
    double ended,
    double loop) {
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
        1 - distinct(text, 4),
        distinct(text, 1),
        distinct(text, 2),
        ended ? 1 : 0,
        loops(text, LONGEST_PERIOD) ? 1 : 0);
  }

  /**
   * The mean of each over several completions: every text counts the same, however long.
   *
   * @throws IllegalArgumentException if there are none
   */
  public static TextStatistics mean(List<TextStatistics> texts) {
    if (texts.isEmpty()) {
      throw new IllegalArgumentException("there are no texts to average over");
    }
    return new TextStatistics(
        mean(texts, TextStatistics::tokens),
        mean(texts, TextStatistics::repetition),
        mean(texts, TextStatistics::distinct1),
        mean(texts, TextStatistics::distinct2),
        mean(texts, TextStatistics::ended),
        mean(texts, TextStatistics::loop));
  }

  private static double mean(
      List<TextStatistics> texts, ToDoubleFunction<TextStatistics> statistic) {
    return texts.stream().mapToDouble(statistic).sum() / texts.size();
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
