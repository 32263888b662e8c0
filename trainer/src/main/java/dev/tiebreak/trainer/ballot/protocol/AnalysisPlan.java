package dev.tiebreak.trainer.ballot.protocol;

import dev.tiebreak.trainer.base.toml.KeyCheck;
import java.util.List;

/**
 * {@code [analysis]}: how the questions will be answered, fixed before there are answers.
 *
 * @param lossMargin validation losses that differ by less count as equal, in nats per token
 * @param alpha the chance of a false claim that each test allows
 * @param smallestEffect the smallest share of decided judgments that would matter, above one half
 * @param bootstrap resamples of each bootstrap
 * @param seed of resampling and permutations
 * @param gate the comparison that is tested first, at alpha; empty for none
 * @param holm comparisons that are tested together after the gate, by Holm's procedure
 */
public record AnalysisPlan(
    double lossMargin,
    double alpha,
    double smallestEffect,
    int bootstrap,
    long seed,
    String gate,
    List<String> holm) {
  /** Checks every value; whether the comparisons exist, the whole plan knows. */
  public AnalysisPlan {
    holm = List.copyOf(holm);
    KeyCheck.positive("analysis.loss_margin", lossMargin);
    KeyCheck.that(
        alpha > 0 && alpha < 0.5, "analysis.alpha", alpha, "a number above 0 and below 0.5");
    KeyCheck.that(
        smallestEffect > 0.5 && smallestEffect < 1,
        "analysis.smallest_effect",
        smallestEffect,
        "a number above 0.5 and below 1");
    KeyCheck.between(100, 1_000_000, "analysis.bootstrap", bootstrap);
  }
}
