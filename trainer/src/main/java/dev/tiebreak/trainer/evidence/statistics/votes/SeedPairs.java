package dev.tiebreak.trainer.evidence.statistics.votes;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.statistics.Basis;
import dev.tiebreak.trainer.evidence.statistics.Finding;
import dev.tiebreak.trainer.evidence.statistics.Interval;
import dev.tiebreak.trainer.evidence.statistics.paired.PairedTTest;
import dev.tiebreak.trainer.evidence.statistics.paired.SignFlip;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One rate for each pair of models trained from one seed, and the t-test and the exact sign-flip
 * test of these against one half: the only ones whose unit is a training run.
 *
 * @param rates the decisive win rate by seed pair
 * @param test of the rates less one half
 * @param interval of the mean rate, cut off at 0 and 1
 * @param flip of the rates less one half
 */
public record SeedPairs(
    Map<Integer, Double> rates, PairedTTest test, Interval interval, SignFlip flip) {
  public static final Basis BASIS =
      new Basis(
          "Seed pairs are independent draws, with the prompts taken as given: the claim is about"
              + " other training runs, not other prompts.",
          "Student, Biometrika 6 (1908); Fisher, The design of experiments (1935)");

  /** With fewer pairs the exact test cannot reach 0.05. */
  public static final int FEWEST_FOR_A_CLAIM = 6;

  /** Computes them; so many patterns of signs are drawn where there are too many for all. */
  public static Finding<SeedPairs> of(List<Ballot> ballots, double level, int flips, long seed) {
    return of(ballots, level, flips, seed, SideWeights.ONE);
  }

  static Finding<SeedPairs> of(
      List<Ballot> ballots, double level, int flips, long seed, SideWeights weights) {
    List<Ballot> decisive = Ballot.decisive(ballots);
    if (decisive.isEmpty()) {
      return Tally.of(ballots).rate().map(_ -> null);
    }
    long unknown =
        decisive.stream().filter(one -> one.seedPair() == Ballot.UNKNOWN_SEED_PAIR).count();
    if (unknown > 0) {
      return Finding.none(
          Words.of(
              "%s do not say which pair of models they are about",
              unknown == decisive.size()
                  ? "the votes"
                  : Words.of("%,d of %,d decisive votes", unknown, decisive.size())));
    }
    Map<Integer, Double> rates = new TreeMap<>();
    decisive.stream()
        .collect(Collectors.groupingBy(Ballot::seedPair))
        .forEach((pair, own) -> rates.put(pair, weights.rate(own)));
    if (rates.size() < 2) {
      return Finding.none("there is only one seed pair, and no telling how others would differ");
    }
    double[] differences = rates.values().stream().mapToDouble(rate -> rate - 0.5).toArray();
    PairedTTest test = PairedTTest.of(differences, 0);
    Interval of = test.interval(level);
    Interval interval =
        new Interval(level, Math.max(0, of.low() + 0.5), Math.min(1, of.high() + 0.5));
    SignFlip flip =
        differences.length <= SignFlip.MOST_FOR_ALL
            ? SignFlip.exact(differences)
            : SignFlip.sampled(differences, flips, seed);
    return Finding.of(new SeedPairs(rates, test, interval, flip));
  }

  public double rate() {
    return test.sample().mean() + 0.5;
  }

  /** Why nothing may be claimed beyond these models, if there are too few pairs. */
  public Optional<String> refusal() {
    int pairs = rates.size();
    return pairs >= FEWEST_FOR_A_CLAIM
        ? Optional.empty()
        : Optional.of(
            Words.of(
                "with %d seed pairs the exact test cannot give a p below %s: "
                    + "no claim beyond these checkpoints; %d pairs are needed",
                pairs, SignFlip.smallestP(pairs), FEWEST_FOR_A_CLAIM));
  }
}
