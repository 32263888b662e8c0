package dev.tiebreak.tensor;

/** Changes that are not recorded, for gradient hooks and restored state. */
final class InPlace {
  private InPlace() {}

  /** x = factor * x. */
  static void scale(Tensor x, double factor) {
    Loops.accumulate(x, x, factor, false);
  }

  /**
   * x = factor * x.
   *
   * @param factor one element of x's wide type
   */
  static void scale(Tensor x, Tensor factor) {
    Shapes.require(
        factor.size() == 1 && factor.dtype() == x.dtype().wide(),
        "scale: the factor of %s must be one %s, got %s",
        x,
        x.dtype().wide(),
        factor);
    switch (x.backend()) {
      case CpuBackend _ -> scale(x, factor.item());
      case CudaBackend cuda ->
          cuda.kernel(InPlace.class, "in_place_scale", x.dtype())
              .pointer(x.address())
              .pointer(factor.address())
              .count(x.size())
              .over(x.size());
    }
  }
}
