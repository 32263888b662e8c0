package dev.tiebreak.tensor;

/**
 * Root-mean-square normalisation (Zhang and Sennrich, 2019) over the last dimension: h = x /
 * sqrt(mean(x^2) + eps), y = w h.
 *
 * <p>Backward, per row, with g = dy w: dx = (g - h mean(g h)) / sqrt(mean(x^2) + eps); dw = sum of
 * dy h over rows. The loops are {@link RowNorm}'s.
 */
final class RmsNorm {
  private RmsNorm() {}

  /** y, of x's shape (..., C); weight is (C). */
  static Tensor apply(Tensor x, Tensor weight, double epsilon) {
    RowNorm norm = RowNorm.of("rms norm", x, weight, null, false);
    Tensor y = x.like();
    return switch (x.backend()) {
      case CpuBackend cpu -> {
        norm.forward(cpu, y, epsilon);
        yield y.record(() -> norm.backward(cpu, y.gradient()), x, weight);
      }
      case CudaBackend cuda -> {
        cuda.kernel(RmsNorm.class, "rmsnorm_forward", x.dtype())
            .pointer(y.address())
            .pointer(norm.scales().address())
            .pointer(x.address())
            .pointer(weight.address())
            .count(norm.n())
            .real(epsilon)
            .rows(norm.rows(), norm.n());
        yield y.record(() -> backward(cuda, y.gradient(), norm), x, weight);
      }
    };
  }

  private static void backward(CudaBackend cuda, Tensor dy, RowNorm norm) {
    Contribution dx = Contribution.ofSameType("rms norm", norm.x());
    backward(cuda, dy, norm, null, dx, Contribution.NONE);
  }

  /**
   * The same for a norm behind a residual connection, whose x is the sum of two.
   *
   * @param later what the gradient of {@code x} has so far; null for nothing
   * @param first gets the whole gradient of {@code x}; so does {@code second}
   */
  static void backward(
      CudaBackend cuda,
      Tensor dy,
      RowNorm norm,
      Tensor later,
      Contribution first,
      Contribution second) {
    Tensor partial = norm.partial(norm.weight());
    cuda.kernel(RmsNorm.class, "rmsnorm_backward", norm.x().dtype())
        .pointer(first.address())
        .pointer(second.address())
        .pointer(RowNorm.address(partial))
        .pointer(RowNorm.address(later))
        .pointer(dy.address())
        .pointer(norm.x().address())
        .pointer(norm.weight().address())
        .pointer(norm.scales().address())
        .count(norm.rows())
        .count(norm.n())
        .flag(first.add())
        .flag(second.add())
        .rows(norm.blocks(), norm.n(), norm.sharedBytes());
    norm.finish(cuda, norm.weight(), partial);
  }
}
