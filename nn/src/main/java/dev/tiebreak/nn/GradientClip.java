package dev.tiebreak.nn;

import dev.tiebreak.tensor.op.Norm;
import java.util.List;

/** Clipping by the global norm (Pascanu, Mikolov and Bengio, 2013). */
public final class GradientClip {
  private static final double EPSILON = 1e-6; // so that a norm of exactly 0 does not divide

  private GradientClip() {}

  /** The Euclidean norm of all gradients together. */
  public static double norm(List<Parameter> parameters) {
    double sum = 0;
    for (Parameter parameter : parameters) {
      if (parameter.tensor().hasGradient()) {
        sum += Norm.sumOfSquares(parameter.tensor().gradient());
      }
    }
    return Math.sqrt(sum);
  }

  /** The factor that brings {@code norm} down to {@code limit}: min(1, limit / (norm + 1e-6)). */
  public static double coefficient(double norm, double limit) {
    return Math.min(1, limit / (norm + EPSILON));
  }
}
