package dev.tiebreak.trainer.lab.config;

import dev.tiebreak.trainer.base.toml.KeyCheck;

/**
 * {@code [abort]}: when a run is given up, besides when a loss or a gradient is not a finite
 * number. Looked at in every micro-batch of every step.
 *
 * @param weight the largest |w| of a token that is borne; infinity for any
 * @param variance the smallest variance of the losses that is borne, in nats squared; 0 for any
 * @param factor the largest factor of a block that is borne; infinity for any
 */
public record AbortConfig(double weight, double variance, double factor) {

  public AbortConfig {
    KeyCheck.that(weight > 0, "abort.weight", weight, "a number above 0, or inf for no limit");
    KeyCheck.notNegative("abort.variance", variance);
    KeyCheck.that(factor > 0, "abort.factor", factor, "a number above 0, or inf for no limit");
  }
}
