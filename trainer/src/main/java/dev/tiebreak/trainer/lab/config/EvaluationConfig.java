package dev.tiebreak.trainer.lab.config;

import dev.tiebreak.trainer.base.toml.KeyCheck;

/**
 * {@code [evaluation]}: the validation loss, always plain cross-entropy.
 *
 * @param every steps from one evaluation to the next; there is also one before the first step and
 *     one after the last
 * @param batches how many batches of validation text are averaged, always the same ones; never more
 *     than the validation part fills
 * @param examine which evaluations say more than the loss: entropy, calibration and so on
 */
public record EvaluationConfig(int every, int batches, Examine examine) {

  /** Which evaluations are examinations too. */
  public enum Examine {
    /** None. */
    NEVER,
    /** The one after the last step. */
    LAST,
    /** All. */
    EVERY
  }

  public EvaluationConfig {
    KeyCheck.atLeast(1, "evaluation.every", every);
    KeyCheck.atLeast(1, "evaluation.batches", batches);
  }
}
