package dev.tiebreak.trainer.study.results;

import dev.tiebreak.trainer.evidence.statistics.paired.Equivalence;
import dev.tiebreak.trainer.evidence.statistics.paired.PairedBootstrap;
import dev.tiebreak.trainer.evidence.statistics.paired.PairedTost;
import dev.tiebreak.trainer.evidence.statistics.paired.SignFlip;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The losses of one arm less those of another, such as the baseline.
 *
 * @param seeds those that both completed
 * @param differences of these seeds, in nats per token
 * @param tost against the plan's margin
 * @param bySeeds against twice the baseline's SD between seeds; empty where that is unknown or 0
 * @param holmP of no difference, corrected by Holm's procedure for all arms that are compared; NaN
 *     for a single seed
 * @param verdict what is shown: a tie by {@code tost}, a difference by {@code holmP}
 * @param flips the sign-flip test over seeds
 * @param passages for each seed with the losses of its tokens, the bootstrap over passages
 */
public record ArmLosses(
    String arm,
    List<Long> seeds,
    List<Double> differences,
    PairedTost tost,
    Optional<PairedTost> bySeeds,
    double holmP,
    Equivalence verdict,
    SignFlip flips,
    Map<Long, PairedBootstrap> passages) {

  private static final int FEWEST = 3; // seeds: with two, one degree of freedom says "different"

  /**
   * The same among several.
   *
   * @param p of no difference, corrected for all of them
   * @param declared seeds that the plan has: of fewer nothing is said
   */
  ArmLosses among(double p, int declared, double alpha) {
    Equivalence shown = tost.verdict();
    if (seeds.size() < declared) {
      shown = Equivalence.INCOMPLETE;
    } else if (shown == Equivalence.DIFFERENT && (p >= alpha || seeds.size() < FEWEST)) {
      shown = Equivalence.INCONCLUSIVE;
    }
    return new ArmLosses(arm, seeds, differences, tost, bySeeds, p, shown, flips, passages);
  }

  /** The difference of a seed, or null if not both completed it. */
  Double difference(long seed) {
    int at = seeds.indexOf(seed);
    return at < 0 ? null : differences.get(at);
  }
}
