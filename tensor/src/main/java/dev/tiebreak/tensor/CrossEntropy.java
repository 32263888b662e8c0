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
 * Per-token cross-entropy in nats: l[i] = log(sum over j of e^x[i, j]) - x[i, target[i]] for logits
 * x (..., V) and targets (...): l has targets' shape. Tokens whose target is {@link #IGNORE} cost 0
 * and pass no gradient.
 *
 * <p>Backward: dx[i, j] = dl[i] (softmax(x[i])[j] - [j = target[i]]). The upstream gradient dl is
 * one number per token, which is what lets a token gain be ordinary multiplication. Only the
 * log-sum-exp is kept; probabilities are never stored. Losses are of the wide type.
 *
 * <p>On a GPU forward reads each logit once, with a maximum and a sum that run along, and backward
 * reads it once and writes its gradient. A gain needs every loss before the first gradient, so the
 * second read cannot be saved, and a row has no use of a buffer in shared memory.
 */
public final class CrossEntropy {
  /** The target that marks a token without a loss. */
  public static final int IGNORE = -100;

  private CrossEntropy() {}

  /** l, of targets' shape. */
  static Tensor apply(Tensor logits, Tensor targets) {
    return apply(logits, targets, false);
  }

  /**
   * l, of targets' shape, where nothing else reads the logits after this: their gradient takes
   * their place, which saves the largest tensor of a training step.
   */
  static Tensor inPlace(Tensor logits, Tensor targets) {
    return apply(logits, targets, true);
  }

  private static Tensor apply(Tensor logits, Tensor targets, boolean inPlace) {
    Shapes.requireTokens("cross-entropy", targets);
    int vocabulary = logits.dim(-1);
    Shapes.require(
        logits.shape().withoutLast().equals(targets.shape()),
        "cross-entropy: logits %s do not fit targets %s",
        logits.shape(),
        targets.shape());
    Shapes.requireIds("cross-entropy: target", targets, vocabulary, IGNORE);
    Tensor losses = logits.wideResult(targets.shape());
    Tensor logSumExp = logits.wideResult(targets.shape());
    switch (logits.backend()) {
      case CpuBackend cpu -> forward(cpu, losses, logSumExp, logits, targets);
      case CudaBackend cuda ->
          cuda.kernel(CrossEntropy.class, "cross_entropy_forward", logits.dtype())
              .pointer(losses.address())
              .pointer(logSumExp.address())
              .pointer(logits.address())
              .pointer(targets.address())
              .count(vocabulary)
              .rows(targets.size(), vocabulary);
    }
    return losses.record(() -> backward(losses, logits, targets, logSumExp, inPlace), logits);
  }

  private static void forward(
      CpuBackend cpu, Tensor losses, Tensor logSumExp, Tensor logits, Tensor targets) {
    int vocabulary = logits.dim(-1);
    boolean fast = cpu.vectorises(logits.dtype());
    cpu.forRows(
        targets.size(),
        vocabulary,
        (from, to, worker) -> {
          for (long i = from; i < to; i++) {
            long start = i * vocabulary;
            double lse =
                fast
                    ? FloatRows.logSumExp(logits.memory(), start, vocabulary)
                    : logSumExp(logits, start, vocabulary);
            logSumExp.set(i, lse);
            int target = targets.getInt(i);
            losses.set(i, target == IGNORE ? 0 : lse - logits.get(start + target));
          }
        });
  }

  static double logSumExp(Tensor x, long start, int n) {
    double max = Double.NEGATIVE_INFINITY;
    for (long j = start; j < start + n; j++) {
      max = Math.max(max, x.get(j));
    }
    double sum = 0;
    for (long j = start; j < start + n; j++) {
      sum += Math.exp(x.get(j) - max);
    }
    return max + Math.log(sum);
  }

  private static void backward(
      Tensor losses, Tensor logits, Tensor targets, Tensor logSumExp, boolean inPlace) {
    boolean add = inPlace ? logits.startGradientInPlace() : logits.startGradient();
    Tensor dx = logits.gradient();
    Shapes.requireSameType("cross-entropy", dx, logits);
    int n = logits.dim(-1);
    switch (logits.backend()) {
      case CpuBackend cpu -> backward(cpu, dx, losses.gradient(), logits, targets, logSumExp, add);
      case CudaBackend cuda ->
          cuda.kernel(CrossEntropy.class, "cross_entropy_backward", logits.dtype())
              .pointer(dx.address())
              .pointer(losses.gradient().address())
              .pointer(logits.address())
              .pointer(targets.address())
              .pointer(logSumExp.address())
              .count(n)
              .flag(add)
              .rows(targets.size(), n);
    }
  }

  private static void backward(
      CpuBackend cpu,
      Tensor dx,
      Tensor dl,
      Tensor logits,
      Tensor targets,
      Tensor logSumExp,
      boolean add) {
    int n = logits.dim(-1);
    boolean fast = cpu.vectorises(logits.dtype());
    cpu.forRows(
        targets.size(),
        n,
        (from, to, worker) -> {
          for (long i = from; i < to; i++) {
            int target = targets.getInt(i);
            double upstream = target == IGNORE ? 0 : dl.get(i);
            double lse = logSumExp.get(i);
            if (fast) {
              row(dx.memory(), logits.memory(), i * n, n, (float) lse, (float) upstream, add);
            } else {
              row(dx, logits, i * n, n, lse, upstream, add);
            }
            if (target != IGNORE) {
              dx.put(i * n + target, -upstream, true);
            }
          }
        });
  }

  private static void row(
      Tensor dx, Tensor x, long start, int n, double lse, double upstream, boolean add) {
    for (long j = start; j < start + n; j++) {
      dx.put(j, upstream * Math.exp(x.get(j) - lse), add);
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
    FloatVector scale = broadcast(upstream);
    for (int j = 0; j < n; j += lanes()) {
      VectorMask<Float> mask = tail(j, n);
      FloatVector d = exp(load(x, start + j).sub(shift)).mul(scale);
      store(dx, start + j, add ? load(dx, start + j).add(d) : d, mask);
    }
  }
}
