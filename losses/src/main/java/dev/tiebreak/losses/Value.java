package dev.tiebreak.losses;

import dev.tiebreak.tensor.Tensor;

/**
 * factor x + shift: what a part of a formula has come to. Numbers are kept beside the tensor, so a
 * chain of sums and products with numbers is one operation, or none.
 *
 * @param x (B, T) or a scalar; null if the value is the number {@code shift}
 */
record Value(Tensor x, double factor, double shift) {
  static Value of(Tensor x) {
    return new Value(x, 1, 0);
  }

  static Value of(double number) {
    return new Value(null, 0, number);
  }

  boolean isNumber() {
    return x == null;
  }

  /** The tensor, written anew only if it must be. */
  Tensor tensor() {
    return factor == 1 && shift == 0 ? x : x.affine(factor, shift);
  }

  private Tensor scaled(double by) {
    return by == 1 ? x : x.scale(by);
  }

  Value plus(double number) {
    return new Value(x, factor, shift + number);
  }

  Value times(double number) {
    return isNumber() || number == 0
        ? of(shift * number)
        : new Value(x, factor * number, shift * number);
  }

  Value plus(Value other) {
    if (isNumber() || other.isNumber()) {
      return isNumber() ? other.plus(shift) : plus(other.shift);
    }
    if (x.shape().rank() < other.x.shape().rank()) {
      return other.plus(this); // the smaller one repeats over the larger
    }
    boolean alike = Math.abs(factor) == Math.abs(other.factor);
    double common = alike ? factor : 1;
    Tensor left = scaled(factor / common);
    Tensor right = other.scaled(Math.abs(other.factor / common));
    boolean minus = other.factor / common < 0;
    return new Value(minus ? left.sub(right) : left.add(right), common, shift + other.shift);
  }

  Value minus(Value other) {
    return plus(other.times(-1));
  }

  Value times(Value other) {
    if (isNumber() || other.isNumber()) {
      return isNumber() ? other.times(shift) : times(other.shift);
    }
    if (x.shape().rank() < other.x.shape().rank()) {
      return other.times(this);
    }
    Value a = shift == 0 ? this : of(tensor());
    Value b = other.shift == 0 ? other : of(other.tensor());
    return new Value(a.x.mul(b.x), a.factor * b.factor, 0);
  }

  Value inverse() {
    if (isNumber()) {
      return of(1 / shift);
    }
    return shift == 0 ? new Value(x.power(-1), 1 / factor, 0) : of(tensor().power(-1));
  }
}
