package dev.tiebreak.trainer.ballot.protocol;

/**
 * At which temperature the control of a comparison is sampled. A gain makes a model hotter, so a
 * difference between texts may be one of temperature; the last two control for that and need no
 * training.
 */
public enum ControlTemperature {
  /** The treatment's. */
  SAME,
  /**
   * The one at which the control's mean token entropy on the validation text is the treatment's.
   */
  MATCHED_ENTROPY,
  /** The treatment's times 1 + s / v: gain's strength over the variance of its losses. */
  ONE_PLUS_S_OVER_V
}
