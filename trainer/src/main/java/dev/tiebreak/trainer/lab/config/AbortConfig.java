package dev.tiebreak.trainer.lab.config;

import dev.tiebreak.trainer.base.toml.Check;

/**
 * {@code [abort]}: when a run is given up, besides when a loss or a gradient is not a finite
 * number. Looked at in logged steps, in their last micro-batch.
 *
 * @param weight the largest |w| of a token that is borne; infinity for any
 * @param variance the smallest variance of the losses that is borne, in nats squared; 0 for any
 */
public record AbortConfig(double weight, double variance) {

  /** Checks every value. */
  public AbortConfig {
    Check.that(weight > 0, "abort.weight", weight, "a number above 0, or inf for no limit");
    Check.notNegative("abort.variance", variance);
  }
}
