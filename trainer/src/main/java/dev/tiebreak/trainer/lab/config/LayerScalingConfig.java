package dev.tiebreak.trainer.lab.config;

import dev.tiebreak.losses.BlockScaling;
import dev.tiebreak.losses.BlockScaling.Measure;
import dev.tiebreak.losses.LayerScaling;
import dev.tiebreak.nn.AdamW;
import dev.tiebreak.nn.Gpt;
import dev.tiebreak.trainer.base.toml.Check;

/**
 * {@code [layer_scaling]}: a factor for the parameters of each block, from a measure d of the block
 * divided by its mean over blocks. See {@link BlockScaling}.
 *
 * @param kind whether there is a scaling, and which
 * @param target what is multiplied: the gradient, which Adam divides out again, or the update
 * @param invert whether 1 / d takes the place of d
 * @param shuffle whether each step deals the factors out to the blocks at random
 * @param cap the largest factor; infinity for none
 * @param renormalise whether the factors are divided by their mean after the cap
 */
public record LayerScalingConfig(
    Kind kind,
    BlockScaling.Target target,
    boolean invert,
    boolean shuffle,
    double cap,
    boolean renormalise) {

  /** The layer scalings there are. */
  public enum Kind {
    /** Every factor is 1. */
    NONE(null),
    /** How far the block moves its input. */
    DIVERGENCE(Measure.DIVERGENCE),
    /** How far the block turns its input. */
    BLOCK_INFLUENCE(Measure.BLOCK_INFLUENCE),
    /** The norm of its gradient, made equal for all blocks. */
    GRADIENT_NORM(Measure.GRADIENT_NORM);

    private final Measure measure;

    Kind(Measure measure) {
      this.measure = measure;
    }
  }

  /** Checks every value. */
  public LayerScalingConfig {
    Check.that(cap > 0, "layer_scaling.cap", cap, "a number above 0, or inf for no cap");
  }

  /**
   * Attaches the scaling to a model and its optimizer.
   *
   * @param seed decides the order of shuffled factors
   */
  public LayerScaling attach(Gpt model, AdamW optimizer, long seed) {
    if (kind == Kind.NONE) {
      return LayerScaling.none();
    }
    BlockScaling.Settings settings =
        new BlockScaling.Settings(kind.measure, target, invert, shuffle, cap, renormalise);
    return LayerScaling.of(model, optimizer, settings, seed);
  }
}
