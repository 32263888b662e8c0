package dev.tiebreak.tensor;

import java.util.function.LongToDoubleFunction;

/**
 * The cosines and sines that rotary positions (Su et al., 2021) are turned by: for position t and
 * pair i those of the angle t theta^(-2i/D). See {@link Tensor#rope}.
 *
 * @param cos (T, D/2), of the {@link DType#wide} type
 * @param sin the same
 */
public record Rotation(Tensor cos, Tensor sin) {
  /** Checks that the tables fit each other. */
  public Rotation {
    Shapes.requireSameShape("rope: tables of cosines and sines", cos, sin);
    Shapes.require(
        cos.shape().rank() == 2, "rope: tables must be (positions, D/2), got %s", cos.shape());
  }

  /**
   * Tables for so many positions, in {@code scope}.
   *
   * @param dtype what is to be turned
   * @param headSize D, even
   */
  public static Rotation of(Scope scope, DType dtype, int positions, int headSize, double theta) {
    Shapes.require(headSize % 2 == 0, "rope: head size must be even, got %d", headSize);
    int half = headSize / 2;
    LongToDoubleFunction angle = i -> i / half * StrictMath.pow(theta, -(double) (i % half) / half);
    Tensor cos = scope.allocate(dtype.wide(), Shape.of(positions, half));
    Tensor sin = scope.allocate(dtype.wide(), Shape.of(positions, half));
    cos.fill(i -> StrictMath.cos(angle.applyAsDouble(i)));
    sin.fill(i -> StrictMath.sin(angle.applyAsDouble(i)));
    return new Rotation(cos, sin);
  }

  /** T. */
  int positions() {
    return cos.dim(0);
  }

  /** D. */
  int headSize() {
    return 2 * cos.dim(1);
  }
}
