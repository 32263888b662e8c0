package dev.tiebreak.losses;

import dev.tiebreak.tensor.Tensor;

/** Choices between numbers that only the backend knows: arithmetic with a switch of 1 or 0. */
final class Select {
  private static final double STEEP = 1e30; // what is larger than its inverse is positive

  private Select() {}

  /** 1 if the scalar is positive, 0 if it is zero or negative. */
  static Tensor positive(Tensor scalar) {
    return scalar.scale(STEEP).clamp(0, 1);
  }

  /** x where the switch is 1; 1 where it is 0 and x finite. */
  static Tensor orOne(Tensor isOn, Tensor x) {
    return x.mul(isOn).add(isOn.scale(-1).shift(1));
  }
}
