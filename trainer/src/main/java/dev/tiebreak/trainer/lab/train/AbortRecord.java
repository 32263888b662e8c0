package dev.tiebreak.trainer.lab.train;

import dev.tiebreak.trainer.base.Artifact;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.config.AbortConfig;
import java.util.Map;
import java.util.Optional;

/**
 * {@code aborted.json}: why a run was given up. It stays until the run is complete.
 *
 * @param step the number of the step, from 1
 * @param reason in words
 * @param numbers what is known about the step
 */
public record AbortRecord(long step, String reason, Map<String, Double> numbers) {

  /** The file. */
  public static final Artifact<AbortRecord> FORMAT =
      Artifact.of(AbortRecord.class, "the record of the run's end", "move the run away");

  /** It in words. */
  public String inWords() {
    return Words.of("given up in step %d, %s", step, reason);
  }

  /** Why a step with these diagnostics ends a run; empty if it does not. */
  static Optional<String> reason(AbortConfig limits, Map<String, Double> diagnostics) {
    double low = diagnostics.getOrDefault("weight_min", 0.0);
    double high = diagnostics.getOrDefault("weight_max", 0.0);
    double weight = -low > high ? low : high; // the farthest from 0
    if (Math.abs(weight) > limits.weight()) {
      return Optional.of(
          Words.of("a token's weight is %.4g, beyond abort.weight (%s)", weight, limits.weight()));
    }
    double variance = diagnostics.getOrDefault("loss_variance", Double.POSITIVE_INFINITY);
    if (variance < limits.variance()) {
      return Optional.of(
          Words.of(
              "the variance of the losses is %.4g, below abort.variance (%s)",
              variance, limits.variance()));
    }
    return Optional.empty();
  }
}
