package dev.tiebreak.tensor;

import dev.tiebreak.bindings.Matmul;
import java.lang.foreign.MemorySegment;

/**
 * y = x W^T + b for x (..., K), W (N, K), b (N) or null: y (..., N). Backward: dx = dy W, dW = dy^T
 * x, db = dy summed over rows.
 */
final class Linear {
  private static final int ROWS_FROM_BIAS = 16; // products of fewer are done in ways of their own

  private Linear() {}

  /** y, with x's shape but N columns. */
  static Tensor apply(Tensor x, Tensor weight, Tensor bias) {
    Shapes.requireSameType("linear", x, weight);
    Shapes.require(
        weight.shape().rank() == 2 && weight.dim(1) == x.dim(-1),
        "linear: weight %s does not fit input %s, it must be (out, %d)",
        weight.shape(),
        x.shape(),
        x.dim(-1));
    int n = weight.dim(0);
    if (bias != null) {
      Shapes.requireSameType("linear", x, bias);
      Shapes.requireRow("linear", "bias", bias, n);
    }
    Shape shape = x.shape().with(-1, n);
    Tensor y = x.result(shape);
    int rows = Math.toIntExact(x.shape().rows());
    int k = x.dim(-1);
    int beta = startWithBias(y, bias, rows, n) ? 1 : 0;
    multiply(Matmul.dense(false, true, rows, n, k, beta), x, weight, y);
    if (bias == null) {
      return y.record(() -> backward(y, x, weight, rows, n, k), x, weight);
    }
    if (beta == 0) {
      Add.repeated(y, y, bias, 1);
    }
    return y.record(
        () -> {
          backward(y, x, weight, rows, n, k);
          Add.backwardRepeated(y, bias, 1);
        },
        x,
        weight,
        bias);
  }

  /**
   * On the CPU every row of y begins as the bias, to which the product is added: that costs no more
   * than to begin with zeros, as the product would otherwise.
   */
  private static boolean startWithBias(Tensor y, Tensor bias, int rows, int n) {
    if (bias == null || rows < ROWS_FROM_BIAS || !(y.backend() instanceof CpuBackend cpu)) {
      return false;
    }
    long bytes = (long) n * y.dtype().bytes();
    MemorySegment to = y.memory();
    MemorySegment from = bias.memory();
    cpu.forRows(
        rows,
        n,
        (first, end, worker) -> {
          for (long r = first; r < end; r++) {
            MemorySegment.copy(from, 0, to, r * bytes, bytes);
          }
        });
    return true;
  }

  private static void backward(Tensor y, Tensor x, Tensor weight, int rows, int n, int k) {
    Tensor dy = y.gradient();
    if (x.requiresGradient()) {
      int beta = x.startGradient() ? 1 : 0;
      multiply(Matmul.dense(false, false, rows, k, n, beta), dy, weight, x.gradient());
    }
    if (weight.requiresGradient()) {
      int beta = weight.startGradient() ? 1 : 0;
      multiply(Matmul.dense(true, false, n, k, rows, beta), dy, x, weight.gradient());
    }
  }

  private static void multiply(Matmul product, Tensor a, Tensor b, Tensor c) {
    switch (c.backend()) {
      case CpuBackend cpu -> cpu.matmul(product, a.memory(), b.memory(), c.memory(), c.dtype());
      case CudaBackend cuda ->
          cuda.matmul(product, a.address(), b.address(), c.address(), a.dtype(), c.dtype());
    }
  }
}
