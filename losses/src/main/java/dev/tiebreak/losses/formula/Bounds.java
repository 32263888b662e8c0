package dev.tiebreak.losses.formula;

import java.util.stream.DoubleStream;

/** Between which numbers a value is, for certain; the ends may be infinite. */
record Bounds(double low, double high) {
  static final Bounds ANY = new Bounds(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
  static final Bounds NOT_NEGATIVE = new Bounds(0, Double.POSITIVE_INFINITY);
  static final Bounds SHARE = new Bounds(0, 1);

  boolean isPoint() {
    return low == high;
  }

  boolean contains(double value) {
    return low <= value && value <= high;
  }

  Bounds plus(Bounds other) {
    return new Bounds(low + other.low, high + other.high);
  }

  Bounds negated() {
    return new Bounds(-high, -low);
  }

  Bounds times(Bounds other) {
    return spanning(
        product(low, other.low),
        product(low, other.high),
        product(high, other.low),
        product(high, other.high));
  }

  /** Of something that is not 0. */
  Bounds inverse() {
    return new Bounds(1 / high, low == 0 ? Double.POSITIVE_INFINITY : 1 / low);
  }

  Bounds smaller(Bounds other) {
    return new Bounds(Math.min(low, other.low), Math.min(high, other.high));
  }

  Bounds larger(Bounds other) {
    return new Bounds(Math.max(low, other.low), Math.max(high, other.high));
  }

  Bounds absolute() {
    double far = Math.max(Math.abs(low), Math.abs(high));
    return contains(0) ? new Bounds(0, far) : spanning(Math.abs(low), Math.abs(high));
  }

  /** From the smallest to the largest. */
  static Bounds spanning(double... values) {
    return new Bounds(
        DoubleStream.of(values).min().orElseThrow(), DoubleStream.of(values).max().orElseThrow());
  }

  private static double product(double a, double b) {
    return a == 0 || b == 0 ? 0 : a * b; // what is infinite only has no bound
  }
}
