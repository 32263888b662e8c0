package dev.tiebreak.tensor;

/**
 * Layer normalisation (Ba, Kiros and Hinton, 2016) over the last dimension: h = (x - mean) /
 * sqrt(var + eps), y = w h + b, with population variance; b may be null.
 *
 * <p>Backward, per row, with g = dy w: dx = (g - mean(g) - h mean(g h)) / sqrt(var + eps); dw = sum
 * of dy h over rows, db = sum of dy over rows. The loops are {@link RowNorm}'s.
 */
final class LayerNorm {
  private LayerNorm() {}

  /** y, of x's shape (..., C); weight and bias are (C). */
  static Tensor apply(Tensor x, Tensor weight, Tensor bias, double epsilon) {
    RowNorm norm = RowNorm.of("layer norm", x, weight, bias, true);
    Tensor y = x.like();
    Runnable backward =
        switch (x.backend()) {
          case CpuBackend cpu -> {
            norm.forward(cpu, y, epsilon);
            yield () -> norm.backward(cpu, y.gradient());
          }
          case CudaBackend cuda -> {
            forward(cuda, y, norm, epsilon);
            yield () -> backward(cuda, y.gradient(), norm);
          }
        };
    return bias == null ? y.record(backward, x, weight) : y.record(backward, x, weight, bias);
  }

  private static void forward(CudaBackend cuda, Tensor y, RowNorm norm, double epsilon) {
    cuda.kernel(LayerNorm.class, "layernorm_forward", y.dtype())
        .pointer(y.address())
        .pointer(norm.means().address())
        .pointer(norm.scales().address())
        .pointer(norm.x().address())
        .pointer(norm.weight().address())
        .pointer(RowNorm.address(norm.bias()))
        .count(norm.n())
        .real(epsilon)
        .rows(norm.rows(), norm.n());
  }

  private static void backward(CudaBackend cuda, Tensor dy, RowNorm norm) {
    Tensor partialW = norm.partial(norm.weight());
    Tensor partialB = norm.partial(norm.bias());
    Contribution dx = Contribution.ofSameType("layer norm", norm.x());
    cuda.kernel(LayerNorm.class, "layernorm_backward", norm.x().dtype())
        .pointer(dx.address())
        .pointer(RowNorm.address(partialW))
        .pointer(RowNorm.address(partialB))
        .pointer(dy.address())
        .pointer(norm.x().address())
        .pointer(norm.weight().address())
        .pointer(norm.means().address())
        .pointer(norm.scales().address())
        .count(norm.rows())
        .count(norm.n())
        .flag(dx.add())
        .rows(norm.blocks(), norm.n(), 2 * norm.sharedBytes());
    norm.finish(cuda, norm.weight(), partialW);
    norm.finish(cuda, norm.bias(), partialB);
  }
}
