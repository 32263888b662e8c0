package dev.tiebreak.trainer.study.results;

import dev.tiebreak.trainer.evidence.statistics.paired.PairedBootstrap;
import dev.tiebreak.trainer.evidence.statistics.paired.PairedTost;
import dev.tiebreak.trainer.evidence.statistics.paired.SignFlip;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The losses of one arm less those of the baseline.
 *
 * @param seeds those that both completed
 * @param differences of these seeds, in nats per token
 * @param tost against the plan's margin
 * @param bySeeds against twice the baseline's SD between seeds; empty where that is unknown or 0
 * @param flips the sign-flip test over seeds
 * @param passages for each seed with the losses of its tokens, the bootstrap over passages
 */
public record ArmLosses(
    String arm,
    List<Long> seeds,
    List<Double> differences,
    PairedTost tost,
    Optional<PairedTost> bySeeds,
    SignFlip flips,
    Map<Long, PairedBootstrap> passages) {

  /** The difference of a seed, or null if not both completed it. */
  Double difference(long seed) {
    int at = seeds.indexOf(seed);
    return at < 0 ? null : differences.get(at);
  }
}
