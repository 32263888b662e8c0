package dev.tiebreak.tensor;

/**
 * y = (min x, max x) over all elements: two numbers of the wide type, without a gradient. Elements
 * that are not numbers are passed over. For small tensors: one thread, or one block of a GPU.
 */
final class Extremes {
  private static final int THREADS = 1024;

  private Extremes() {}

  /** y (2). */
  static Tensor apply(Tensor x) {
    Tensor y = x.wideResult(Shape.of(2));
    switch (x.backend()) {
      case CpuBackend cpu -> cpu.once(() -> forward(y, x));
      case CudaBackend cuda ->
          cuda.kernel(Extremes.class, "extremes", x.dtype())
              .pointer(y.address())
              .pointer(x.address())
              .count(x.size())
              .run(1, THREADS, 0);
    }
    return y;
  }

  private static void forward(Tensor y, Tensor x) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (long i = 0; i < x.size(); i++) {
      double value = x.get(i);
      low = value < low ? value : low;
      high = value > high ? value : high;
    }
    y.set(0, low);
    y.set(1, high);
  }
}
