package dev.tiebreak.tensor;

/**
 * Population variance v[r] = 1/n * sum over j of (x[r, j] - m[r])^2, where a row r is either the
 * last dimension or the whole tensor. Backward: dx[r, j] = dv[r] * 2 (x[r, j] - m[r]) / n; the
 * mean's own share cancels. The mean comes first, then the squares, so equal elements give exactly
 * zero. v is of the wide type; the CPU adds in double.
 */
final class Variance {
  private Variance() {}

  /** The variance of all elements: a scalar. */
  static Tensor all(Tensor x) {
    return apply(x, Shape.of());
  }

  private static Tensor apply(Tensor x, Shape shape) {
    Tensor v = x.wideResult(shape);
    long n = x.size() / v.size();
    return switch (x.backend()) {
      case CpuBackend cpu -> {
        cpu.once(() -> forward(v, x, n));
        yield v.record(() -> backward(cpu, x, v, n), x);
      }
      case CudaBackend cuda -> {
        Tensor means = x.wideResult(shape);
        forward(cuda, v, means, x, n);
        yield v.record(() -> backward(cuda, x, v, means, n), x);
      }
    };
  }

  private static void forward(Tensor v, Tensor x, long n) {
    for (long r = 0; r < v.size(); r++) {
      double mean = mean(x, r, n);
      double sum = 0;
      for (long i = r * n; i < (r + 1) * n; i++) {
        sum += (x.get(i) - mean) * (x.get(i) - mean);
      }
      v.set(r, sum / n);
    }
  }

  private static double mean(Tensor x, long r, long n) {
    double sum = 0;
    for (long i = r * n; i < (r + 1) * n; i++) {
      sum += x.get(i);
    }
    return sum / n;
  }

  private static void backward(CpuBackend cpu, Tensor x, Tensor v, long n) {
    boolean add = x.startGradient();
    cpu.once(() -> backward(x.gradient(), x, v, n, add));
  }

  private static void backward(Tensor dx, Tensor x, Tensor v, long n, boolean add) {
    for (long r = 0; r < v.size(); r++) {
      double mean = mean(x, r, n);
      double scale = v.gradient().get(r) * 2 / n;
      for (long i = r * n; i < (r + 1) * n; i++) {
        dx.put(i, scale * (x.get(i) - mean), add);
      }
    }
  }

  private static void forward(CudaBackend cuda, Tensor v, Tensor means, Tensor x, long n) {
    int slices = Sum.slices(x);
    if (v.size() > 1 || slices == 1) {
      cuda.kernel(Variance.class, "variance_rows_forward", x.dtype())
          .pointer(v.address())
          .pointer(means.address())
          .pointer(x.address())
          .count(n)
          .rows(v.size(), n);
      return;
    }
    Sum.sums(cuda, means, x, n, 1.0 / n);
    Tensor partial = x.wideResult(Shape.of(slices));
    cuda.kernel(Variance.class, "variance_slices_forward", x.dtype())
        .pointer(partial.address())
        .pointer(x.address())
        .pointer(means.address())
        .count(n)
        .rows(slices);
    Sum.finish(cuda, v, partial, 1.0 / n);
  }

  private static void backward(CudaBackend cuda, Tensor x, Tensor v, Tensor means, long n) {
    Contribution dx = Contribution.ofSameType("variance", x);
    cuda.kernel(Variance.class, "variance_backward", x.dtype())
        .pointer(dx.address())
        .pointer(v.gradient().address())
        .pointer(x.address())
        .pointer(means.address())
        .count(x.size())
        .count(n)
        .flag(dx.add())
        .over(x.size());
  }
}
