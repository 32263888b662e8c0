package dev.tiebreak.tensor.op;

import static dev.tiebreak.tensor.cpu.Simd.broadcast;
import static dev.tiebreak.tensor.cpu.Simd.lanes;
import static dev.tiebreak.tensor.cpu.Simd.load;
import static dev.tiebreak.tensor.cpu.Simd.store;
import static dev.tiebreak.tensor.cpu.Simd.tail;

import dev.tiebreak.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * One step of AdamW (Loshchilov and Hutter, 2019) on one weight, in one pass: with g' = c g, m = b1
 * m + (1 - b1) g', v = b2 v + (1 - b2) g'^2, w = w - lr wd w - lr f (m / (1 - b1^t)) / (sqrt(v / (1
 * - b2^t)) + eps).
 */
public final class AdamWUpdate {
  private AdamWUpdate() {}

  /**
   * The numbers of a step.
   *
   * @param gradientScale c, the clip coefficient
   * @param learningRate lr
   * @param updateScale f, a factor on the step that Adam does not divide out again
   * @param weightDecay wd, 0 for weights that do not decay
   * @param correction1 1 - b1^t
   * @param correction2 1 - b2^t
   */
  public record Step(
      double gradientScale,
      double learningRate,
      double updateScale,
      double weightDecay,
      double beta1,
      double beta2,
      double epsilon,
      double correction1,
      double correction2) {}

  /** Updates weight and moments in place; all four have the same shape. */
  public static void apply(Tensor weight, Tensor gradient, Tensor m, Tensor v, Step step) {
    boolean fast = weight.cpu().vectorises(weight.dtype());
    weight
        .cpu()
        .forElements(
            weight.size(),
            (from, to, worker) -> {
              if (fast) {
                run(weight.memory(), gradient.memory(), m.memory(), v.memory(), step, from, to);
              } else {
                run(weight, gradient, m, v, step, from, to);
              }
            });
  }

  private static void run(Tensor w, Tensor g, Tensor m, Tensor v, Step s, long from, long to) {
    for (long i = from; i < to; i++) {
      double gradient = s.gradientScale * g.get(i);
      double first = s.beta1 * m.get(i) + (1 - s.beta1) * gradient;
      double second = s.beta2 * v.get(i) + (1 - s.beta2) * gradient * gradient;
      m.set(i, first);
      v.set(i, second);
      double update = (first / s.correction1) / (Math.sqrt(second / s.correction2) + s.epsilon);
      double decayed = w.get(i) * (1 - s.learningRate * s.weightDecay);
      w.set(i, decayed - s.learningRate * s.updateScale * update);
    }
  }

  private static void run(
      MemorySegment w,
      MemorySegment g,
      MemorySegment m,
      MemorySegment v,
      Step s,
      long from,
      long to) {
    FloatVector scale = broadcast((float) s.gradientScale);
    FloatVector beta1 = broadcast((float) s.beta1);
    FloatVector beta2 = broadcast((float) s.beta2);
    FloatVector rest1 = broadcast((float) (1 - s.beta1));
    FloatVector rest2 = broadcast((float) (1 - s.beta2));
    FloatVector decay = broadcast((float) (1 - s.learningRate * s.weightDecay));
    FloatVector rate = broadcast((float) (s.learningRate * s.updateScale / s.correction1));
    FloatVector inverseCorrection2 = broadcast((float) (1 / s.correction2));
    FloatVector epsilon = broadcast((float) s.epsilon);
    int n = Math.toIntExact(to - from);
    for (int j = 0; j < n; j += lanes()) {
      VectorMask<Float> mask = tail(j, n);
      long i = from + j;
      FloatVector gradient = load(g, i, mask).mul(scale);
      FloatVector first = load(m, i, mask).mul(beta1).add(gradient.mul(rest1));
      FloatVector second = load(v, i, mask).mul(beta2).add(gradient.mul(gradient).mul(rest2));
      store(m, i, first, mask);
      store(v, i, second, mask);
      FloatVector root = second.mul(inverseCorrection2).sqrt().add(epsilon);
      FloatVector weight = load(w, i, mask).mul(decay).sub(first.mul(rate).div(root));
      store(w, i, weight, mask);
    }
  }
}
