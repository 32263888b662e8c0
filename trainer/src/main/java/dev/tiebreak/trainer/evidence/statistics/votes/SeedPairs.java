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

  public static Finding<SeedPairs> of(List<Ballot> ballots, double level) {
    Map<Integer, Double> rates = new TreeMap<>();
    Tally.by(Factor.SEED_PAIR, ballots)
        .forEach((pair, tally) -> tally.rate().found().ifPresent(rate -> rates.put(pair, rate)));
    if (rates.isEmpty()) {
      return Tally.of(ballots).rate().map(_ -> null);
    }
    if (rates.size() < 2) {
      return Finding.none("there is only one seed pair, and no telling how others would differ");
    }
    if (rates.size() > SignFlip.MOST_FOR_ALL) {
      return Finding.none("there are too many seed pairs for the exact test");
    }
    double[] differences = rates.values().stream().mapToDouble(rate -> rate - 0.5).toArray();
    PairedTTest test = PairedTTest.of(differences, 0);
    Interval of = test.interval(level);
    Interval interval =
        new Interval(level, Math.max(0, of.low() + 0.5), Math.min(1, of.high() + 0.5));
    return Finding.of(new SeedPairs(rates, test, interval, SignFlip.exact(differences)));
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
