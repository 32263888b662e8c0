package dev.tiebreak.tensor.op;

import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.Matmul;
import dev.tiebreak.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * y[i] = a[i] b[i] for every matrix i of a batch: a (..., M, K), b (..., K, N), y (..., M, N), with
 * equal leading dimensions. Backward: da = dy b^T, db = a^T dy.
 */
public final class BatchedMatmul {
  private BatchedMatmul() {}

  /** y, one product per leading index. */
  public static Tensor apply(Tensor a, Tensor b) {
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
    CpuBackend cpu = c.cpu();
    long sizeA = (long) a.dim(-2) * a.dim(-1);
    long sizeB = (long) b.dim(-2) * b.dim(-1);
    long sizeC = (long) c.dim(-2) * c.dim(-1);
    MemorySegment as = a.memory();
    MemorySegment bs = b.memory();
    MemorySegment cs = c.memory();
    cpu.forTasks(
        c.size() / sizeC,
        (from, to, worker) -> {
          for (long i = from; i < to; i++) {
            cpu.matmulHere(
                product,
                CpuBackend.at(as, i * sizeA, a.dtype()),
                CpuBackend.at(bs, i * sizeB, b.dtype()),
                CpuBackend.at(cs, i * sizeC, c.dtype()),
                c.dtype());
          }
        });
  }
}
