package dev.tiebreak.trainer.config;

/**
 * {@code [layer_scaling]}: a factor for the parameters of each block, from how much the block
 * changes what passes through it: d = norm(x_out - x_in) / norm(x_in), divided by its mean over
 * blocks.
 *
 * @param kind whether there is a scaling, and which
 * @param target what is multiplied
 * @param cap the largest factor
 */
public record LayerScalingConfig(Kind kind, Target target, double cap) {

  /** The layer scalings there are. */
  public enum Kind {
    /** Every factor is 1. */
    NONE,
    /** The formula above. */
    DIVERGENCE
  }

  /** What a factor multiplies. */
  public enum Target {
    /** The gradient, before clipping and AdamW. */
    GRADIENT,
    /** AdamW's update: a learning rate per block. */
    UPDATE
  }

  /** Checks every value. */
  public LayerScalingConfig {
    Check.that(cap >= 1 && Double.isFinite(cap), "layer_scaling.cap", cap, "a number, 1 or more");
  }

  /** The same numbers with another kind. */
  public LayerScalingConfig withKind(Kind other) {
    return new LayerScalingConfig(other, target, cap);
  }
}
