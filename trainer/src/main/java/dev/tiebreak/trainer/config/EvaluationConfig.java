package dev.tiebreak.trainer.config;

/**
 * {@code [evaluation]}: the validation loss, always plain cross-entropy.
 *
 * @param every steps from one evaluation to the next; there is also one before the first step and
 *     one after the last
 * @param batches how many batches of validation text are averaged, the same in every evaluation; 0
 *     takes as many as there are
 */
public record EvaluationConfig(int every, int batches) {

  /** Checks every value. */
  public EvaluationConfig {
    Check.atLeast(1, "evaluation.every", every);
    Check.atLeast(0, "evaluation.batches", batches);
  }

  /** How many batches are averaged at most: {@link Integer#MAX_VALUE} for all there are. */
  public int batchLimit() {
    return batches == 0 ? Integer.MAX_VALUE : batches;
  }
}
