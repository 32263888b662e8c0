package dev.tiebreak.tensor;

import dev.tiebreak.bindings.Matmul;
import java.lang.foreign.MemorySegment;

/**
 * y[i] = a[i] b[i] for every matrix i of a batch: a (..., M, K), b (..., K, N), y (..., M, N), with
 * equal leading dimensions. Backward: da = dy b^T, db = a^T dy.
 */
final class BatchedMatmul {
  private BatchedMatmul() {}

  /** y, one product per leading index. */
  static Tensor apply(Tensor a, Tensor b) {
    Shapes.requireSameType("matmul", a, b);
    int rank = a.shape().rank();
    boolean fits =
        rank >= 2
            && b.shape().rank() == rank
            && a.dim(-1) == b.dim(-2)
            && a.shape().with(-2, 1).with(-1, 1).equals(b.shape().with(-2, 1).with(-1, 1));
    Shapes.require(
        fits, "matmul: %s times %s needs (..., M, K) and (..., K, N)", a.shape(), b.shape());
    int m = a.dim(-2);
    int k = a.dim(-1);
    int n = b.dim(-1);
    Tensor y = a.result(a.shape().with(-1, n));
    multiply(y, a, b, Matmul.dense(false, false, m, n, k, 0));
    return y.record(() -> backward(y, a, b, m, n, k), a, b);
  }

  private static void backward(Tensor y, Tensor a, Tensor b, int m, int n, int k) {
    if (a.requiresGradient()) {
      int beta = a.startGradient() ? 1 : 0;
      multiply(a.gradient(), y.gradient(), b, Matmul.dense(false, true, m, k, n, beta));
    }
    if (b.requiresGradient()) {
      int beta = b.startGradient() ? 1 : 0;
      multiply(b.gradient(), a, y.gradient(), Matmul.dense(true, false, k, n, m, beta));
    }
  }

  private static void multiply(Tensor c, Tensor a, Tensor b, Matmul product) {
    switch (c.backend()) {
      case CpuBackend cpu -> multiply(cpu, c, a, b, product);
      case CudaBackend cuda ->
          cuda.matmul(
              product,
              Math.toIntExact(c.size() / matrix(c)),
              matrix(a),
              matrix(b),
              matrix(c),
              a.address(),
              b.address(),
              c.address(),
              a.dtype(),
              c.dtype());
    }
  }

  private static void multiply(CpuBackend cpu, Tensor c, Tensor a, Tensor b, Matmul product) {
    MemorySegment as = a.memory();
    MemorySegment bs = b.memory();
    MemorySegment cs = c.memory();
    cpu.forTasks(
        c.size() / matrix(c),
        (from, to, worker) -> {
          for (long i = from; i < to; i++) {
            cpu.matmulHere(
                product,
                CpuBackend.at(as, i * matrix(a), a.dtype()),
                CpuBackend.at(bs, i * matrix(b), b.dtype()),
                CpuBackend.at(cs, i * matrix(c), c.dtype()),
                c.dtype());
          }
        });
  }

  /** Elements of one matrix of a batch. */
  private static long matrix(Tensor batch) {
    return (long) batch.dim(-2) * batch.dim(-1);
  }
}
