package dev.tiebreak.tensor.op;

import dev.tiebreak.tensor.Tensor;

/**
 * A row-major, aligned copy of a view. Backward: the gradient is added through the same strides. A
 * tensor that is row-major already is returned as it is.
 */
public final class Contiguous {
  private Contiguous() {}

  /** y, of x's shape and without gaps. */
  public static Tensor apply(Tensor x) {
    if (x.isContiguous() && x.isAligned()) {
      return x;
    }
    Tensor y = x.like();
    walk(x, (element, place) -> y.set(element, x.getStored(place)));
    return y.record(
        () -> {
          boolean add = x.startGradient();
          Tensor dx = x.gradient();
          if (!add) {
            dx.storage().fill((byte) 0);
          }
          Tensor dy = y.gradient();
          walk(dx, (element, place) -> dx.setStored(place, dx.getStored(place) + dy.get(element)));
        },
        x);
  }

  private interface Visitor {
    void visit(long element, long place);
  }

  private static void walk(Tensor x, Visitor visitor) {
    int[] dims = x.shape().toArray();
    int[] index = new int[dims.length];
    for (long element = 0; element < x.size(); element++) {
      long place = x.offset();
      for (int d = 0; d < dims.length; d++) {
        place += index[d] * x.stride(d);
      }
      visitor.visit(element, place);
      for (int d = dims.length - 1; d >= 0 && ++index[d] == dims[d]; d--) {
        index[d] = 0;
      }
    }
  }
}
