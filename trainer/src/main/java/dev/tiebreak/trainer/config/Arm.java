package dev.tiebreak.trainer.config;

import dev.tiebreak.trainer.UserError;
import java.util.Locale;

/** The four arms of the study: which of the two shapings of the training signal are on. */
public enum Arm {
  /** Plain cross-entropy, plain gradients. */
  BASELINE(false, false),
  /** Per-token gains only. */
  GAIN(true, false),
  /** Layer scaling by divergence only. */
  DIVERGENCE(false, true),
  /** Gains and layer scaling. */
  BOTH(true, true);

  private final boolean gain;
  private final boolean divergence;

  Arm(boolean gain, boolean divergence) {
    this.gain = gain;
    this.divergence = divergence;
  }

  /** The arm with exactly these shapings. */
  public static Arm of(boolean gain, boolean divergence) {
    if (gain) {
      return divergence ? BOTH : GAIN;
    }
    return divergence ? DIVERGENCE : BASELINE;
  }

  /**
   * The arm of this name.
   *
   * @throws UserError if there is none
   */
  public static Arm parse(String name) {
    for (Arm arm : values()) {
      if (arm.toString().equals(name)) {
        return arm;
      }
    }
    throw new UserError("unknown arm '" + name + "'; use baseline, gain, divergence or both");
  }

  /** Whether per-token gains are on. */
  public boolean gain() {
    return gain;
  }

  /** Whether layer scaling is on. */
  public boolean divergence() {
    return divergence;
  }

  /** The name users write: lower case. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
