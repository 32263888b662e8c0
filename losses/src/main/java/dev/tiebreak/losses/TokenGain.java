package dev.tiebreak.losses;

import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tensor;

/**
 * Turns per-token losses into the scalar that is run backwards. Weights are constants to the
 * backward pass.
 */
public sealed interface TokenGain permits NoGain, PrecisionGain {
  /** Every token counts the same: plain cross-entropy. */
  static TokenGain none() {
    return new NoGain();
  }

  /**
   * Surprising tokens count more, see {@link PrecisionGain}.
   *
   * @param kept owns running statistics, from the first batch on
   */
  static TokenGain precision(PrecisionGain.Settings settings, Scope kept) {
    return new PrecisionGain(settings, kept);
  }

  /**
   * The shaped loss of one micro-batch.
   *
   * @param losses per-token cross-entropy in nats (B, T), 0 where the target is ignored
   * @param targets (B, T), with ignored ones marked
   * @param step the optimizer step, from 0
   */
  ShapedLoss shape(Tensor losses, Tensor targets, long step);

  /** What must be saved in a checkpoint: running statistics, empty if there are none. */
  double[] state();

  /** Puts back what {@link #state} returned. */
  void restore(double[] state);
}
