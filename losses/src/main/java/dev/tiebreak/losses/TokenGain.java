package dev.tiebreak.losses;

import dev.tiebreak.nn.Gpt;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tensor;

/** Turns per-token losses into the scalar that is run backwards. */
public sealed interface TokenGain permits NoGain, WeightGain, ShuffledGain, ObjectiveGain {
  /** Every token counts the same: plain cross-entropy. */
  static TokenGain none() {
    return new NoGain();
  }

  /**
   * Tokens count by a formula.
   *
   * @param weighting any but {@link Weighting#RHO}
   * @param kept owns running statistics, from the first batch on
   */
  static WeightGain weighted(Weighting weighting, GainSettings settings, Scope kept) {
    return new WeightGain(weighting, settings, true, null, kept);
  }

  /** {@link Weighting#FOCAL} with its full gradient: through the weights too, as published. */
  static TokenGain focalLoss(GainSettings settings, Scope kept) {
    return new WeightGain(Weighting.FOCAL, settings, false, null, kept);
  }

  /**
   * {@link Weighting#RHO}.
   *
   * @param kept owns the reference's losses and the running statistics
   * @param reference a trained model with the same vocabulary and no shorter sequences
   */
  static WeightGain rho(GainSettings settings, Scope kept, Gpt reference) {
    return new WeightGain(Weighting.RHO, settings, true, reference, kept);
  }

  /** The same weights, dealt to the tokens at random: a placebo. See {@link ShuffledGain}. */
  static TokenGain shuffled(WeightGain gain, long seed) {
    return new ShuffledGain(gain, seed);
  }

  /** Another objective than the cross-entropy; of the settings, strength and warm-up count. */
  static TokenGain objective(Objective objective, GainSettings settings) {
    return new ObjectiveGain(objective, settings);
  }

  /**
   * Called before the tape of a micro-batch is opened, for what needs a forward pass of its own.
   *
   * @param inputs (B, T)
   * @param targets (B, T)
   * @param step for results that are not kept
   */
  default void prepare(Tensor inputs, Tensor targets, Scope step) {}

  /** The shaped loss of one micro-batch; each once, in order. */
  ShapedLoss shape(Prediction prediction);

  /** What must be saved in a checkpoint: running statistics, empty if there are none. */
  default double[] state() {
    return new double[0];
  }

  /** Puts back what {@link #state} returned. */
  default void restore(double[] state) {
    if (state.length != 0) {
      throw new IllegalArgumentException("it has no state, got " + state.length + " numbers");
    }
  }
}
