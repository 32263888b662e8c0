package dev.tiebreak.trainer.config;

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
