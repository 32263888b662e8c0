package dev.tiebreak.tensor;

import static dev.tiebreak.tensor.cpu.Simd.broadcast;
import static dev.tiebreak.tensor.cpu.Simd.exp;
import static dev.tiebreak.tensor.cpu.Simd.lanes;
import static dev.tiebreak.tensor.cpu.Simd.load;
import static dev.tiebreak.tensor.cpu.Simd.store;
import static dev.tiebreak.tensor.cpu.Simd.tail;

import dev.tiebreak.tensor.cpu.FloatRows;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Cross-entropy in nats against the uniform distribution: u[i] = log(sum over j of e^x[i, j]) -
 * mean over j of x[i, j] for logits x (..., V); u (...) is of the wide type. It is the mean of the
 * losses that all V tokens would have as the target, at least log V.
 *
 * <p>Backward: dx[i, j] = du[i] (softmax(x[i])[j] - 1 / V).
 */
final class UniformCrossEntropy {
  private UniformCrossEntropy() {}

  /** u, of x's shape without its last dimension. */
  static Tensor apply(Tensor x) {
    Tensor u = x.wideResult(x.shape().withoutLast());
    Tensor logSumExp = x.wideResult(u.shape());
    int n = x.dim(-1);
    switch (x.backend()) {
      case CpuBackend cpu -> forward(cpu, u, logSumExp, x, n);
      case CudaBackend cuda ->
          cuda.kernel(UniformCrossEntropy.class, "uniform_cross_entropy_forward", x.dtype())
              .pointer(u.address())
              .pointer(logSumExp.address())
              .pointer(x.address())
              .count(n)
              .rows(u.size(), n);
    }
    return u.record(() -> backward(x, u, logSumExp, n), x);
  }

  private static void forward(CpuBackend cpu, Tensor u, Tensor logSumExp, Tensor x, int n) {
    boolean fast = cpu.vectorises(x.dtype());
    cpu.forRows(
        u.size(),
        n,
        (from, to, worker) -> {
          for (long i = from; i < to; i++) {
            long start = i * n;
            double lse =
                fast
                    ? FloatRows.logSumExp(x.memory(), start, n)
                    : CrossEntropy.logSumExp(x, start, n);
            logSumExp.set(i, lse);
            double sum = fast ? FloatRows.sum(x.memory(), start, n) : sumOf(x, start, n);
            u.set(i, lse - sum / n);
          }
        });
  }

  private static double sumOf(Tensor x, long start, int n) {
    double sum = 0;
    for (long j = start; j < start + n; j++) {
      sum += x.get(j);
    }
    return sum;
  }

  private static void backward(Tensor x, Tensor u, Tensor logSumExp, int n) {
    boolean add = x.startGradient();
    Tensor dx = x.gradient();
    Shapes.requireSameType("uniform cross-entropy", dx, x);
    switch (x.backend()) {
      case CpuBackend cpu -> backward(cpu, dx, u.gradient(), x, logSumExp, n, add);
      case CudaBackend cuda ->
          cuda.kernel(UniformCrossEntropy.class, "uniform_cross_entropy_backward", x.dtype())
              .pointer(dx.address())
              .pointer(u.gradient().address())
              .pointer(x.address())
              .pointer(logSumExp.address())
              .count(n)
              .flag(add)
              .rows(u.size(), n);
    }
  }

  private static void backward(
      CpuBackend cpu, Tensor dx, Tensor du, Tensor x, Tensor logSumExp, int n, boolean add) {
    boolean fast = cpu.vectorises(x.dtype());
    cpu.forRows(
        du.size(),
        n,
        (from, to, worker) -> {
          for (long i = from; i < to; i++) {
            double lse = logSumExp.get(i);
            double upstream = du.get(i);
            if (fast) {
              row(dx.memory(), x.memory(), i * n, n, (float) lse, (float) upstream, add);
            } else {
              row(dx, x, i * n, n, lse, upstream, add);
            }
          }
        });
  }

  private static void row(
      Tensor dx, Tensor x, long start, int n, double lse, double upstream, boolean add) {
    for (long j = start; j < start + n; j++) {
      dx.put(j, upstream * (Math.exp(x.get(j) - lse) - 1.0 / n), add);
    }
  }

  private static void row(
      MemorySegment dx,
      MemorySegment x,
      long start,
      int n,
      float lse,
      float upstream,
      boolean add) {
    FloatVector shift = broadcast(lse);
    FloatVector uniform = broadcast(1.0f / n);
    FloatVector scale = broadcast(upstream);
    for (int j = 0; j < n; j += lanes()) {
      VectorMask<Float> mask = tail(j, n);
      FloatVector d = exp(load(x, start + j).sub(shift)).sub(uniform).mul(scale);
      store(dx, start + j, add ? load(dx, start + j).add(d) : d, mask);
    }
  }
}
