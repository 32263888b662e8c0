package dev.tiebreak.tensor.op;

import static dev.tiebreak.tensor.cpu.Simd.broadcast;
import static dev.tiebreak.tensor.cpu.Simd.exp;
import static dev.tiebreak.tensor.cpu.Simd.lanes;
import static dev.tiebreak.tensor.cpu.Simd.load;
import static dev.tiebreak.tensor.cpu.Simd.store;
import static dev.tiebreak.tensor.cpu.Simd.sum;
import static dev.tiebreak.tensor.cpu.Simd.tail;

import dev.tiebreak.tensor.Tensor;
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
 * log-sum-exp is kept; probabilities are never stored.
 */
public final class CrossEntropy {
  /** The target that marks a token without a loss. */
  public static final int IGNORE = -100;

  private CrossEntropy() {}

  /** l, of targets' shape. */
  public static Tensor apply(Tensor logits, Tensor targets) {
    Shapes.requireTokens("cross-entropy", targets);
    int vocabulary = logits.dim(-1);
    Shapes.require(
        logits.shape().withoutLast().equals(targets.shape()),
        "cross-entropy: logits %s do not fit targets %s",
        logits.shape(),
        targets.shape());
    for (long i = 0; i < targets.size(); i++) {
      int target = targets.getInt(i);
      Shapes.require(
          target == IGNORE || (target >= 0 && target < vocabulary),
          "cross-entropy: target %d at position %d is outside the vocabulary of %d",
          target,
          i,
          vocabulary);
    }
    Tensor losses = logits.result(targets.shape());
    Tensor logSumExp = logits.result(targets.shape());
    boolean fast = logits.cpu().vectorises(logits.dtype());
    logits
        .cpu()
        .forRows(
            targets.size(),
            vocabulary,
            (from, to, worker) -> {
              for (long i = from; i < to; i++) {
                long start = i * vocabulary;
                double lse =
                    fast
                        ? logSumExp(logits.memory(), start, vocabulary)
                        : logSumExp(logits, start, vocabulary);
                logSumExp.set(i, lse);
                int target = targets.getInt(i);
                losses.set(i, target == IGNORE ? 0 : lse - logits.get(start + target));
              }
            });
    return losses.record(() -> backward(losses, logits, targets, logSumExp), logits);
  }

  private static double logSumExp(Tensor x, long start, int n) {
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

  private static double logSumExp(MemorySegment x, long start, int n) {
    float max = Softmax.maximum(x, start, n);
    FloatVector sum = broadcast(0);
    FloatVector shift = broadcast(max);
    for (int j = 0; j < n; j += lanes()) {
      VectorMask<Float> mask = tail(j, n);
      sum = sum.add(exp(load(x, start + j, mask).sub(shift)), mask);
    }
    return max + Math.log(sum(sum));
  }

  private static void backward(Tensor losses, Tensor logits, Tensor targets, Tensor logSumExp) {
    boolean add = logits.startGradient();
    Tensor dx = logits.gradient();
    int n = logits.dim(-1);
    boolean fast = logits.cpu().vectorises(logits.dtype());
    logits
        .cpu()
        .forRows(
            targets.size(),
            n,
            (from, to, worker) -> {
              for (long i = from; i < to; i++) {
                int target = targets.getInt(i);
                double upstream = target == IGNORE ? 0 : losses.gradient().get(i);
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
      FloatVector d = exp(load(x, start + j, mask).sub(shift)).mul(scale);
      store(dx, start + j, add ? load(dx, start + j, mask).add(d) : d, mask);
    }
  }
}
