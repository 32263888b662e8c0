package dev.tiebreak.trainer.lab.train;

import dev.tiebreak.losses.StepExtremes;
import dev.tiebreak.trainer.base.Artifact;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.config.AbortConfig;
import java.util.Map;
import java.util.Optional;

/**
 * {@code aborted.json}: why a run was given up. It stays until the run is complete.
 *
 * @param step the number of the step, from 1
 */
public record AbortRecord(long step, String reason, Map<String, Double> numbers) {

  public static final Artifact<AbortRecord> FORMAT =
      Artifact.of(AbortRecord.class, "the record of the run's end", "move the run away");

  public String inWords() {
    return Words.of("given up in step %d, %s", step, reason);
  }

  /** Why a step with these extremes ends a run; empty if it does not. */
  static Optional<String> reason(AbortConfig limits, StepExtremes extremes) {
    if (Math.abs(extremes.weight()) > limits.weight()) {
      return beyond("a token's weight", extremes.weight(), "beyond abort.weight", limits.weight());
    }
    if (extremes.variance() < limits.variance()) {
      return beyond(
          "the variance of the losses",
          extremes.variance(),
          "below abort.variance",
          limits.variance());
    }
    if (extremes.factor() > limits.factor()) {
      return beyond("a block's factor", extremes.factor(), "beyond abort.factor", limits.factor());
    }
    return Optional.empty();
  }

  private static Optional<String> beyond(String what, double is, String where, double limit) {
    return Optional.of(Words.of("%s is %.4g, %s (%s)", what, is, where, limit));
  }
}
