package dev.tiebreak.trainer.evidence.statistics.votes;

import dev.tiebreak.trainer.evidence.statistics.Basis;
import dev.tiebreak.trainer.evidence.statistics.Finding;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How far judges agree, beyond what chance would do: 1 is always, 0 is as by chance, below 0 is
 * less. Krippendorff's alpha takes any number of votes on each item; Fleiss' kappa wants the same
 * number on each, so it takes the items with the number that occurs most often.
 *
 * @param items with two votes or more
 * @param votes on these
 * @param kappaItems the items that kappa takes
 * @param kappaVotes how many votes each of them has
 */
public record Agreement(
    Finding<Double> alpha,
    Finding<Double> kappa,
    int items,
    long votes,
    int kappaItems,
    int kappaVotes) {
  public static final Basis BASIS =
      new Basis(
          "Judges are exchangeable: who voted is not used, only how the votes on one pair of texts "
              + "fall; low agreement does not mean that the rate is wrong.",
          "Krippendorff, Content analysis (2004), chapter 11; Fleiss, Psychological Bulletin 76"
              + " (1971)");

  private static final String SAME = "all votes are the same, so chance alone would agree";

  /** On pairs of texts, with three answers: treatment, control, neither. */
  public static Finding<Agreement> of(List<Ballot> ballots) {
    Map<Integer, long[]> counts = new TreeMap<>();
    for (Ballot ballot : ballots) {
      counts.computeIfAbsent(ballot.completion(), _ -> new long[3])[ballot.outcome() + 1]++;
    }
    return of(counts.values().toArray(new long[0][]));
  }

  /**
   * On any items.
   *
   * @param counts (items, answers) how many gave that answer; items with fewer than two votes are
   *     left out
   */
  public static Finding<Agreement> of(long[][] counts) {
    long[][] several =
        Arrays.stream(counts).filter(c -> Arrays.stream(c).sum() > 1).toArray(long[][]::new);
    if (several.length == 0) {
      return Finding.none("no pair of texts was judged twice");
    }
    Map<Long, Integer> sizes = new TreeMap<>();
    for (long[] item : several) {
      sizes.merge(Arrays.stream(item).sum(), 1, Integer::sum);
    }
    long usual = sizes.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
    long[][] complete =
        Arrays.stream(several)
            .filter(item -> Arrays.stream(item).sum() == usual)
            .toArray(long[][]::new);
    return Finding.of(
        new Agreement(
            alpha(several),
            kappa(complete, usual),
            several.length,
            Arrays.stream(several).flatMapToLong(Arrays::stream).sum(),
            complete.length,
            (int) usual));
  }

  /** 1 - observed / expected disagreement, over pairs of votes on the same item. */
  private static Finding<Double> alpha(long[][] counts) {
    double observed = 0;
    for (long[] item : counts) {
      long n = Arrays.stream(item).sum();
      observed += (double) (n * n - squares(item)) / (n - 1);
    }
    long[] totals = totals(counts);
    double n = Arrays.stream(totals).sum();
    double expected = (n * n - squares(totals)) / (n - 1);
    return expected == 0 ? Finding.none(SAME) : Finding.of(1 - observed / expected);
  }

  /** (observed - expected) / (1 - expected) agreement; each item has n votes. */
  private static Finding<Double> kappa(long[][] counts, long n) {
    double observed = 0;
    for (long[] item : counts) {
      observed += (double) (squares(item) - n) / (n * (n - 1));
    }
    observed /= counts.length;
    long[] totals = totals(counts);
    double all = (double) n * counts.length;
    double expected = squares(totals) / (all * all);
    return expected == 1 ? Finding.none(SAME) : Finding.of((observed - expected) / (1 - expected));
  }

  private static long[] totals(long[][] counts) {
    long[] totals = new long[counts[0].length];
    for (long[] item : counts) {
      for (int c = 0; c < totals.length; c++) {
        totals[c] += item[c];
      }
    }
    return totals;
  }

  private static long squares(long[] counts) {
    return Arrays.stream(counts).map(c -> c * c).sum();
  }
}
