package dev.tiebreak.tensor;

import static dev.tiebreak.tensor.cpu.Simd.broadcast;
import static dev.tiebreak.tensor.cpu.Simd.lanes;
import static dev.tiebreak.tensor.cpu.Simd.load;
import static dev.tiebreak.tensor.cpu.Simd.store;
import static dev.tiebreak.tensor.cpu.Simd.tail;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * One step of AdamW (Loshchilov and Hutter, 2019) on one weight, in one pass: with g' = c g, m = b1
 * m + (1 - b1) g', v = b2 v + (1 - b2) g'^2, w = w - lr wd w - lr f (m / (1 - b1^t)) / (sqrt(v / (1
 * - b2^t)) + eps).
 *
 * <p>Everything that differs from step to step is read from tensors: the numbers of the step, the
 * clip coefficient c and the factor f. So nothing waits for the host. <b>Where c is not a finite
 * number, nothing is written</b>: a step whose loss or gradient is none leaves no trace.
 */
public final class AdamWUpdate {
  // Places in the numbers of a step.
  private static final int BETA1 = 0;
  private static final int REST1 = 1; // 1 - b1
  private static final int BETA2 = 2;
  private static final int REST2 = 3; // 1 - b2
  private static final int RATE = 4; // lr / (1 - b1^t)
  private static final int INVERSE_CORRECTION2 = 5; // 1 / (1 - b2^t)
  private static final int EPSILON = 6;
  private static final int KEPT = 7; // 1 - lr wd
  private static final int STEP = 8; // t

  /** How many numbers a step has. */
  public static final int NUMBERS = 9;

  /** How many sums {@link #statistics} gives: of v, of w^2 and of the squared updates. */
  public static final int SUMS = 3;

  /** Into how many parts {@link #statistics} divides each of them. */
  public static final int PARTS = EuclideanNorm.PARTS;

  private static final int THREADS = 256;

  private AdamWUpdate() {}

  /**
   * What belongs to one weight; all of one shape.
   *
   * @param weight what the model computes with
   * @param master w, what is updated: of the wide type, or {@code weight} itself
   * @param gradient g, of the master's type
   * @param m of the master's type
   * @param v of the master's type
   */
  public record State(Tensor weight, Tensor master, Tensor gradient, Tensor m, Tensor v) {}

  /**
   * Rounds a bf16 weight up or down at random, so that it equals its master on average. The random
   * number of element i in step t is number t * perStep + first + i of a stream.
   *
   * @param seed of {@link dev.tiebreak.tensor.Philox}, stream {@code ROUNDING}
   * @param first a multiple of 4
   * @param perStep random numbers of all weights together, a multiple of 4
   */
  public record Rounding(long seed, long first, long perStep) {}

  /**
   * The numbers of step {@code t}, counted from 1, as {@link #apply} reads them.
   *
   * @param weightDecay of weights that decay, per unit of learning rate
   */
  public static double[] numbers(
      double learningRate, double weightDecay, double beta1, double beta2, double epsilon, long t) {
    double[] numbers = new double[NUMBERS];
    numbers[BETA1] = beta1;
    numbers[REST1] = 1 - beta1;
    numbers[BETA2] = beta2;
    numbers[REST2] = 1 - beta2;
    numbers[RATE] = learningRate / (1 - Math.pow(beta1, t));
    numbers[INVERSE_CORRECTION2] = 1 / (1 - Math.pow(beta2, t));
    numbers[EPSILON] = epsilon;
    numbers[KEPT] = 1 - learningRate * weightDecay;
    numbers[STEP] = t;
    return numbers;
  }

  /**
   * Updates master and moments in place and rounds the master to the weight.
   *
   * @param numbers of the step, {@link #NUMBERS} of the master's type
   * @param coefficient c, one element of the master's type
   * @param factor f, one element of the master's type; null for 1
   * @param decays whether the weight decays
   * @param rounding how a bf16 weight is rounded; null for to nearest, ties to even
   */
  public static void apply(
      State state,
      Tensor numbers,
      Tensor coefficient,
      Tensor factor,
      boolean decays,
      Rounding rounding) {
    switch (state.master.backend()) {
      case CpuBackend cpu -> {
        if (Double.isFinite(coefficient.item())) {
          double[] n = numbers.toDoubles();
          n[KEPT] = decays ? n[KEPT] : 1;
          n[RATE] *= factor == null ? 1 : factor.item();
          update(cpu, state, n, coefficient.item());
        }
      }
      case CudaBackend cuda -> {
        Rounding random = rounding == null ? new Rounding(0, 0, 0) : rounding;
        cuda.kernel(AdamWUpdate.class, "adamw_update", state.weight.dtype())
            .pointer(state.weight.address())
            .pointer(state.master.address())
            .pointer(state.gradient.address())
            .pointer(state.m.address())
            .pointer(state.v.address())
            .pointer(numbers.address())
            .pointer(coefficient.address())
            .pointer(factor == null ? 0 : factor.address())
            .count(state.master.size())
            .flag(decays)
            .flag(rounding != null)
            .count(random.seed)
            .count(random.first)
            .count(random.perStep)
            .over(state.master.size());
      }
    }
  }

  private static void update(CpuBackend cpu, State s, double[] numbers, double coefficient) {
    boolean fast = cpu.vectorises(s.master.dtype());
    cpu.forElements(
        s.master.size(),
        (from, to, worker) -> {
          if (fast) {
            fast(s, numbers, coefficient, from, to);
          } else {
            plain(s, numbers, coefficient, from, to);
          }
        });
    if (s.weight != s.master) {
      s.weight.copyFrom(s.master);
    }
  }

  private static void plain(State s, double[] n, double coefficient, long from, long to) {
    for (long i = from; i < to; i++) {
      double gradient = coefficient * s.gradient.get(i);
      double first = n[BETA1] * s.m.get(i) + n[REST1] * gradient;
      double second = n[BETA2] * s.v.get(i) + n[REST2] * gradient * gradient;
      s.m.set(i, first);
      s.v.set(i, second);
      double step = n[RATE] * first / (Math.sqrt(second * n[INVERSE_CORRECTION2]) + n[EPSILON]);
      s.master.set(i, s.master.get(i) * n[KEPT] - step);
    }
  }

  private static void fast(State s, double[] n, double coefficient, long from, long to) {
    MemorySegment w = s.master.memory();
    MemorySegment g = s.gradient.memory();
    MemorySegment m = s.m.memory();
    MemorySegment v = s.v.memory();
    FloatVector scale = broadcast((float) coefficient);
    FloatVector beta1 = broadcast((float) n[BETA1]);
    FloatVector beta2 = broadcast((float) n[BETA2]);
    FloatVector rest1 = broadcast((float) n[REST1]);
    FloatVector rest2 = broadcast((float) n[REST2]);
    FloatVector kept = broadcast((float) n[KEPT]);
    FloatVector rate = broadcast((float) n[RATE]);
    FloatVector inverseCorrection2 = broadcast((float) n[INVERSE_CORRECTION2]);
    FloatVector epsilon = broadcast((float) n[EPSILON]);
    int count = Math.toIntExact(to - from);
    for (int j = 0; j < count; j += lanes()) {
      VectorMask<Float> mask = tail(j, count);
      long i = from + j;
      FloatVector gradient = load(g, i).mul(scale);
      FloatVector first = load(m, i).mul(beta1).add(gradient.mul(rest1));
      FloatVector second = load(v, i).mul(beta2).add(gradient.mul(gradient).mul(rest2));
      store(m, i, first, mask);
      store(v, i, second, mask);
      FloatVector root = second.mul(inverseCorrection2).sqrt().add(epsilon);
      store(w, i, load(w, i).mul(kept).sub(first.mul(rate).div(root)), mask);
    }
  }

  /**
   * Sums that tell how far a step moved a weight, without the decay: of v, of w^2 and of the
   * squared updates, each in {@link #PARTS} parts; not on the tape. For logs.
   *
   * @param parts ({@link #SUMS}, PARTS) of the master's type
   */
  public static void statistics(State state, Tensor numbers, Tensor factor, Tensor parts) {
    Shapes.require(
        parts.shape().equals(Shape.of(SUMS, PARTS)) && parts.dtype() == numbers.dtype(),
        "adamw: statistics need [%d, %d] of %s, got %s",
        SUMS,
        PARTS,
        numbers.dtype(),
        parts);
    switch (state.master.backend()) {
      case CpuBackend cpu -> {
        double[] n = numbers.toDoubles();
        n[RATE] *= factor == null ? 1 : factor.item();
        cpu.forTasks(
            PARTS,
            (from, to, worker) -> {
              for (long part = from; part < to; part++) {
                statistics(state, n, parts, part);
              }
            });
      }
      case CudaBackend cuda ->
          cuda.kernel(AdamWUpdate.class, "adamw_statistics", DType.F32)
              .pointer(parts.address())
              .pointer(state.master.address())
              .pointer(state.m.address())
              .pointer(state.v.address())
              .pointer(numbers.address())
              .pointer(factor == null ? 0 : factor.address())
              .count(state.master.size())
              .count(PARTS)
              .run(EuclideanNorm.blocks(state.master.size()), THREADS, 0);
    }
  }

  private static void statistics(State s, double[] n, Tensor parts, long part) {
    long size = s.master.size();
    double seconds = 0;
    double weights = 0;
    double updates = 0;
    for (long i = size * part / PARTS; i < size * (part + 1) / PARTS; i++) {
      double second = s.v.get(i);
      double root = Math.sqrt(second * n[INVERSE_CORRECTION2]) + n[EPSILON];
      double update = n[RATE] * s.m.get(i) / root;
      seconds += second;
      weights += s.master.get(i) * s.master.get(i);
      updates += update * update;
    }
    parts.set(part, seconds);
    parts.set(PARTS + part, weights);
    parts.set(2L * PARTS + part, updates);
  }
}
