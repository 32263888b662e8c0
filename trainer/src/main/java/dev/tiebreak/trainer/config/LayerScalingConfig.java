package dev.tiebreak.trainer.config;

import dev.tiebreak.losses.DivergenceScaling;
import dev.tiebreak.losses.LayerScaling;
import dev.tiebreak.nn.AdamW;
import dev.tiebreak.nn.Gpt;

/**
 * {@code [layer_scaling]}: a factor for the parameters of each block, from how much the block
 * changes what passes through it: d = norm(x_out - x_in) / norm(x_in), divided by its mean over
 * blocks. See {@link DivergenceScaling}.
 *
 * @param kind whether there is a scaling, and which
 * @param target what is multiplied: the gradient, which Adam divides out again, or the update
 * @param cap the largest factor; infinity for none
 * @param renormalise whether the factors are divided by their mean after the cap
 */
public record LayerScalingConfig(
    Kind kind, DivergenceScaling.Target target, double cap, boolean renormalise) {

  /** The layer scalings there are. */
  public enum Kind {
    /** Every factor is 1. */
    NONE,
    /** The formula above. */
    DIVERGENCE
  }

  /** Checks every value. */
  public LayerScalingConfig {
    Check.that(cap > 0, "layer_scaling.cap", cap, "a number above 0, or inf for no cap");
  }

  /** Attaches the scaling to a model and its optimizer. */
  public LayerScaling attach(Gpt model, AdamW optimizer) {
    return switch (kind) {
      case NONE -> LayerScaling.none();
      case DIVERGENCE ->
          LayerScaling.divergence(
              model, optimizer, new DivergenceScaling.Settings(target, cap, renormalise));
    };
  }
}
