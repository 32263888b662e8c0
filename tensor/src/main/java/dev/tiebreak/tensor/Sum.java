package dev.tiebreak.tensor;

/**
 * y[r] = factor * sum over j of x[r, j], where a row r is either the last dimension or the whole
 * tensor. Backward: dx[r, j] = factor * dy[r]. y is of the wide type. The CPU adds in double, in
 * order; a GPU in float, in an order that only the sizes decide.
 */
final class Sum {
  private static final int SLICE = 256 * 4; // packs of 16 bytes that a block of a GPU sums
  private static final int MOST_SLICES = 512; // some for each multiprocessor of the largest GPUs

  private Sum() {}

  /** The sum (factor 1) or mean (factor 1/n) of all elements: a scalar. */
  static Tensor all(Tensor x, double factor) {
    return apply(x, Shape.of(), factor);
  }

  /** The sum over the last dimension: x's shape without it. */
  static Tensor lastDimension(Tensor x) {
    return apply(x, x.shape().withoutLast(), 1);
  }

  private static Tensor apply(Tensor x, Shape shape, double factor) {
    Tensor y = x.wideResult(shape);
    long n = x.size() / y.size();
    switch (x.backend()) {
      case CpuBackend cpu -> sums(cpu, y, x, n, factor);
      case CudaBackend cuda -> sums(cuda, y, x, n, factor);
    }
    return y.record(() -> backward(x, y, n, factor), x);
  }

  private static void sums(CpuBackend cpu, Tensor y, Tensor x, long n, double factor) {
    cpu.forRows(
        y.size(),
        n,
        (from, to, worker) -> {
          for (long r = from; r < to; r++) {
            double sum = 0;
            for (long i = r * n; i < (r + 1) * n; i++) {
              sum += x.get(i);
            }
            y.set(r, factor * sum);
          }
        });
  }

  /** y[r] = factor * sum of row r, without a record. */
  static void sums(CudaBackend cuda, Tensor y, Tensor x, long n, double factor) {
    int slices = slices(x);
    if (y.size() > 1 || slices == 1) {
      cuda.kernel(Sum.class, "sum_rows_forward", x.dtype())
          .pointer(y.address())
          .pointer(x.address())
          .count(n)
          .real(factor)
          .rows(y.size(), n);
      return;
    }
    Tensor partial = x.wideResult(Shape.of(slices));
    cuda.kernel(Sum.class, "sum_slices_forward", x.dtype())
        .pointer(partial.address())
        .pointer(x.address())
        .count(n)
        .rows(slices);
    finish(cuda, y, partial, factor);
  }

  /** Into how many slices a GPU divides a sum over all of x. */
  static int slices(Tensor x) {
    long packs = Math.ceilDiv(x.size() * x.dtype().bytes(), 16);
    return (int) Math.min(MOST_SLICES, Math.ceilDiv(packs, SLICE));
  }

  /** The second step: y = factor * sum of the slices. */
  static void finish(CudaBackend cuda, Tensor y, Tensor partial, double factor) {
    cuda.kernel(Sum.class, "sum_finish_forward", partial.dtype())
        .pointer(y.address())
        .pointer(partial.address())
        .count(partial.size())
        .real(factor)
        .rows(1);
  }

  private static void backward(Tensor x, Tensor y, long n, double factor) {
    boolean add = x.startGradient();
    Tensor dx = x.gradient();
    Tensor dy = y.gradient();
    Shapes.requireSameType("sum", dx, x);
    switch (x.backend()) {
      case CpuBackend cpu ->
          cpu.forElements(
              x.size(),
              (from, to, worker) -> {
                for (long i = from; i < to; i++) {
                  dx.put(i, factor * dy.get(i / n), add);
                }
              });
      case CudaBackend cuda ->
          cuda.kernel(Sum.class, "sum_backward", x.dtype())
              .pointer(dx.address())
              .pointer(dy.address())
              .count(x.size())
              .count(n)
              .real(factor)
              .flag(add)
              .over(x.size());
    }
  }
}
