package dev.tiebreak.tensor;

import static dev.tiebreak.tensor.cpu.Simd.addProduct;
import static dev.tiebreak.tensor.cpu.Simd.broadcast;
import static dev.tiebreak.tensor.cpu.Simd.exp;
import static dev.tiebreak.tensor.cpu.Simd.lanes;
import static dev.tiebreak.tensor.cpu.Simd.load;
import static dev.tiebreak.tensor.cpu.Simd.store;
import static dev.tiebreak.tensor.cpu.Simd.sum;
import static dev.tiebreak.tensor.cpu.Simd.tail;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * What a token's prediction says about its own surprise -log p, for p = softmax(x[i]) of logits x
 * (..., V): the expectation H[i] = -sum over j of p[j] log p[j], which is the entropy, in nats, and
 * the variance v[i] = sum over j of p[j] (log p[j] + H[i])^2, in square nats. Both (...), of the
 * wide type. A logit of -infinity has p log p = 0.
 *
 * <p>With z = x - max: S = sum of e^z and A = sum of e^z z give H = log S - A / S, two terms of one
 * sign. Backward: dx[i, j] = -dH[i] p[j] (log p[j] + H[i]). The variance has no gradient.
 */
final class Entropy {
  // Stands for the logarithm of what no longer counts: e^-100 is zero beside 1, and times 100 too.
  private static final FloatVector LEAST = broadcast((float) SoftmaxSums.LEAST_LOG);

  private Entropy() {}

  /** H, of x's shape without its last dimension. */
  static Tensor apply(Tensor x) {
    Tensor h = x.wideResult(x.shape().withoutLast());
    Tensor logSumExp = x.wideResult(h.shape());
    int n = x.dim(-1);
    switch (x.backend()) {
      case CpuBackend cpu -> forward(cpu, h, logSumExp, null, x, n);
      case CudaBackend cuda ->
          cuda.kernel(Entropy.class, "entropy_forward", x.dtype())
              .pointer(h.address())
              .pointer(logSumExp.address())
              .pointer(x.address())
              .count(n)
              .rows(h.size(), n);
    }
    return h.record(() -> backward(x, h, logSumExp, n), x);
  }

  /** v, of x's shape without its last dimension; detached. */
  static Tensor surprisalVariance(Tensor x) {
    Tensor v = x.wideResult(x.shape().withoutLast());
    int n = x.dim(-1);
    switch (x.backend()) {
      case CpuBackend cpu -> forward(cpu, null, null, v, x, n);
      case CudaBackend cuda ->
          cuda.kernel(Entropy.class, "surprisal_variance_forward", x.dtype())
              .pointer(v.address())
              .pointer(x.address())
              .count(n)
              .rows(v.size(), n);
    }
    return v;
  }

  /** Either h and lse or v is wanted; the others are null. */
  private static void forward(CpuBackend cpu, Tensor h, Tensor lse, Tensor v, Tensor x, int n) {
    boolean fast = cpu.vectorises(x.dtype());
    cpu.forRows(
        x.shape().rows(),
        n,
        (from, to, worker) -> {
          for (long i = from; i < to; i++) {
            SoftmaxSums row =
                fast ? SoftmaxSums.of(x.memory(), i * n, n, 1) : SoftmaxSums.of(x, i * n, n, 1);
            if (v == null) {
              h.set(i, Math.log(row.sum()) - row.mean());
              lse.set(i, row.max() + Math.log(row.sum()));
            } else {
              double squares =
                  fast ? squares(x.memory(), i * n, n, row) : squares(x, i * n, n, row);
              v.set(i, squares / row.sum());
            }
          }
        });
  }

  /** The sum of e^z (z - mean)^2. */
  private static double squares(Tensor x, long start, int n, SoftmaxSums row) {
    double sum = 0;
    for (long j = start; j < start + n; j++) {
      double z = x.get(j) - row.max();
      double e = Math.exp(z);
      sum += e == 0 ? 0 : e * (z - row.mean()) * (z - row.mean());
    }
    return sum;
  }

  private static double squares(MemorySegment x, long start, int n, SoftmaxSums row) {
    FloatVector shift = broadcast((float) row.max());
    FloatVector mean = broadcast((float) row.mean());
    FloatVector sum = broadcast(0);
    for (int j = 0; j < n; j += lanes()) {
      FloatVector z = load(x, start + j).sub(shift).max(LEAST);
      FloatVector far = z.sub(mean);
      sum = addProduct(sum, exp(z), far.mul(far), tail(j, n));
    }
    return sum(sum);
  }

  private static void backward(Tensor x, Tensor h, Tensor logSumExp, int n) {
    boolean add = x.startGradient();
    Tensor dx = x.gradient();
    Shapes.requireSameType("entropy", dx, x);
    switch (x.backend()) {
      case CpuBackend cpu -> backward(cpu, dx, x, h, logSumExp, n, add);
      case CudaBackend cuda ->
          cuda.kernel(Entropy.class, "entropy_backward", x.dtype())
              .pointer(dx.address())
              .pointer(h.gradient().address())
              .pointer(x.address())
              .pointer(h.address())
              .pointer(logSumExp.address())
              .count(n)
              .flag(add)
              .rows(h.size(), n);
    }
  }

  private static void backward(
      CpuBackend cpu, Tensor dx, Tensor x, Tensor h, Tensor logSumExp, int n, boolean add) {
    boolean fast = cpu.vectorises(x.dtype());
    Tensor dh = h.gradient();
    cpu.forRows(
        h.size(),
        n,
        (from, to, worker) -> {
          for (long i = from; i < to; i++) {
            double lse = logSumExp.get(i);
            if (fast) {
              MemorySegment target = dx.memory();
              float entropy = (float) h.get(i);
              float upstream = (float) dh.get(i);
              row(target, x.memory(), i * n, n, (float) lse, entropy, upstream, add);
            } else {
              row(dx, x, i * n, n, lse, h.get(i), dh.get(i), add);
            }
          }
        });
  }

  private static void row(
      Tensor dx,
      Tensor x,
      long start,
      int n,
      double lse,
      double entropy,
      double upstream,
      boolean add) {
    for (long j = start; j < start + n; j++) {
      double logP = Math.max(x.get(j) - lse, 10 * SoftmaxSums.LEAST_LOG);
      dx.put(j, -upstream * Math.exp(logP) * (logP + entropy), add);
    }
  }

  private static void row(
      MemorySegment dx,
      MemorySegment x,
      long start,
      int n,
      float lse,
      float entropy,
      float upstream,
      boolean add) {
    FloatVector shift = broadcast(lse);
    FloatVector h = broadcast(entropy);
    FloatVector scale = broadcast(-upstream);
    for (int j = 0; j < n; j += lanes()) {
      VectorMask<Float> mask = tail(j, n);
      FloatVector logP = load(x, start + j).sub(shift).max(LEAST);
      FloatVector d = exp(logP).mul(logP.add(h)).mul(scale);
      store(dx, start + j, add ? load(dx, start + j).add(d) : d, mask);
    }
  }
}
