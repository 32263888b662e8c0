package dev.tiebreak.losses;

import static dev.tiebreak.losses.SettingException.check;

import dev.tiebreak.nn.BlockObserver.Quantity;
import java.util.Locale;

/**
 * What a layer scaling is: {@code [layer_scaling]} of a configuration.
 *
 * @param kind what d of a block is; none for no scaling
 * @param target what the factor multiplies
 * @param clip when the gradient's global norm is taken and cut
 * @param invert whether 1 / d takes the place of d: a placebo
 * @param shuffle whether each step deals the factors out to the blocks at random: a placebo
 * @param fixed whether that is done once for all steps, so that none gets its own: a placebo
 *     without the jitter
 * @param cap the largest factor; infinity for none
 * @param renormalise whether the mean of the factors is 1 also where the cap acts: those below it
 *     grow in proportion
 */
public record ScalingSettings(
    Measure kind,
    Target target,
    Clip clip,
    boolean invert,
    boolean shuffle,
    boolean fixed,
    double cap,
    boolean renormalise) {

  /** What is measured of a block with input x, output y and gradient g of all its weights. */
  public enum Measure {
    /** Nothing: every factor is 1. */
    NONE(null),
    /** d = ||y - x|| / ||x||: how far the block moves its input. */
    DIVERGENCE(Quantity.DIVERGENCE),
    /** d = 1 - mean over tokens of cos(x, y): how far it turns it (ShortGPT, Men et al., 2024). */
    BLOCK_INFLUENCE(Quantity.COSINE_DISTANCE),
    /**
     * d = ||g||, and f = mean(d) / d: every block's gradient gets the same norm (after GradNorm,
     * Chen et al., 2018, with blocks for tasks and no exponent).
     */
    GRADIENT_NORM(null);

    private final Quantity observed; // in forward passes; null for nothing

    Measure(Quantity observed) {
      this.observed = observed;
    }

    Quantity observed() {
      return observed;
    }
  }

  /** What the factor multiplies. */
  public enum Target {
    /** The gradients of the block's weights. Adam divides a constant factor out again. */
    GRADIENT,
    /** The updates of the block's weights: a learning rate per block. */
    UPDATE
  }

  /** When the gradient's global norm is taken for the clip: the publication does not say. */
  public enum Clip {
    /** After the scaling, so that large factors make the clip cut all blocks. */
    AFTER,
    /** Before it, so that the baseline's clip is left as it is. */
    BEFORE
  }

  /** Checks the ranges. */
  public ScalingSettings {
    check(cap > 0, "cap", cap, "a number above 0, or inf for no cap");
    check(
        cap >= 1 || !renormalise,
        "cap",
        cap,
        "1 or more, as factors of mean 1 cannot all be below 1; or set renormalise = false");
  }

  /** The original's: divergence, neither inverted nor shuffled. */
  public static ScalingSettings divergence(Target target, double cap, boolean renormalise) {
    return new ScalingSettings(
        Measure.DIVERGENCE, target, Clip.AFTER, false, false, false, cap, renormalise);
  }

  /** Whether no block is scaled. */
  public boolean isNone() {
    return kind == Measure.NONE;
  }

  /** What these settings mean, in one line. */
  public String describe() {
    if (isNone()) {
      return "f = 1";
    }
    String name = kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    boolean inverse = kind == Measure.GRADIENT_NORM != invert;
    return (inverse ? "f = mean(d) / d" : "f = d / mean(d)")
        + ", d the "
        + name
        + " of a block"
        + (cap < Double.POSITIVE_INFINITY ? ", f at most " + cap : "")
        + (renormalise ? ", of mean 1" : "")
        + (shuffle ? ", dealt to the blocks at random" + (fixed ? " once" : "") : "")
        + ", on the "
        + target.name().toLowerCase(Locale.ROOT)
        + (clip == Clip.BEFORE ? " after the clip" : "");
  }
}
