package dev.tiebreak.losses;

import dev.tiebreak.tensor.Tensor;

/**
 * Objectives that flatten predictions without weighing tokens: controls for a gain that does it by
 * the way. s is without a unit, and 0 is plain cross-entropy.
 */
public enum Objective {
  /**
   * (1 - s) l + s u for the cross-entropy u against the uniform distribution: label smoothing
   * (Szegedy et al., arXiv:1512.00567, section 7).
   */
  LABEL_SMOOTHING {
    @Override
    Tensor losses(Prediction p, double s) {
      return p.losses().scale(1 - s).add(p.logits().uniformCrossEntropy().scale(s));
    }
  },

  /**
   * l - s H for the entropy H of the predicted distribution: the confidence penalty (Pereyra et
   * al., arXiv:1701.06548).
   */
  CONFIDENCE_PENALTY {
    @Override
    Tensor losses(Prediction p, double s) {
      return p.losses().sub(p.logits().entropy().scale(s));
    }
  };

  /** The objective of each token (B, T); anything finite where the target is ignored. */
  abstract Tensor losses(Prediction prediction, double strength);
}
