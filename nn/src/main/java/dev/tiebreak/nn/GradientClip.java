package dev.tiebreak.nn;

import dev.tiebreak.tensor.EuclideanNorm;
import dev.tiebreak.tensor.Tensor;
import java.util.List;

/**
 * Clipping by the global norm (Pascanu, Mikolov and Bengio, 2013). The results are tensors of the
 * open tape's scope that nothing has waited for.
 */
public final class GradientClip {
  private static final double EPSILON = 1e-6; // so that a norm of exactly 0 does not divide

  private GradientClip() {}

  /** The Euclidean norm of all gradients together: a scalar. Weights without one do not count. */
  public static Tensor norm(List<Parameter> parameters) {
    List<Tensor> gradients =
        parameters.stream()
            .map(Parameter::tensor)
            .filter(Tensor::hasGradient)
            .map(Tensor::gradient)
            .toList();
    if (gradients.isEmpty()) {
      Tensor any = parameters.getFirst().master();
      return any.backend().tape().scope().zeros(any.dtype());
    }
    return EuclideanNorm.ofAll(gradients);
  }

  /**
   * The factor that brings {@code norm} down to {@code limit}: min(1, limit / (norm + 1e-6)). Not a
   * number where the norm is not finite, so that {@link AdamW#step} does nothing then.
   *
   * @param limit infinity for a factor of 1
   */
  public static Tensor coefficient(Tensor norm, double limit) {
    Tensor factor = norm.shift(EPSILON).power(-1).scale(limit).clamp(0, 1);
    return factor.add(norm.scale(0));
  }
}
