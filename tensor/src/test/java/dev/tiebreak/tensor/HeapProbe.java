package dev.tiebreak.tensor;

import dev.tiebreak.tensor.attention.Attention;
import java.lang.reflect.Method;

/**
 * Prints by how many bytes of Java heap a step over long sequences exceeds one over shorter ones.
 * The two lengths are of as many blocks of attention, so that what is kept of each block is alike,
 * and differ by {@link #ROWS}.
 */
public final class HeapProbe {
  /** By how many rows the two steps differ. */
  static final int ROWS = 24;

  private static final int SHORT = 104; // 3 blocks of 32 queries and a quarter of one
  private static final int FEWEST_STEPS = 1_000; // most is compiled by then
  private static final int MOST_STEPS = 10_000;

  private HeapProbe() {}

  /** Repeats both steps until the excess is within the bound in bytes, or for long enough. */
  public static void main(String[] arguments) throws ReflectiveOperationException {
    long bound = Long.getLong("bound");
    try (CpuBackend cpu = CpuBackend.create(1);
        Scope model = cpu.newScope("model");
        Scope step = cpu.newScope("step")) {
      Tensor[] small = inputs(model, SHORT);
      Tensor[] large = inputs(model, SHORT + ROWS);
      long leastSmall = Long.MAX_VALUE;
      long leastLarge = Long.MAX_VALUE;
      for (int i = 0; i < MOST_STEPS; i++) {
        leastSmall = Math.min(leastSmall, bytesOfAStep(step, small));
        leastLarge = Math.min(leastLarge, bytesOfAStep(step, large));
        if (i >= FEWEST_STEPS && leastLarge - leastSmall <= bound) {
          break;
        }
      }
      System.out.println("excess " + (leastLarge - leastSmall));
    }
  }

  private static Tensor[] inputs(Scope model, int length) {
    return new Tensor[] {
      model.of(new int[length], 1, length),
      model.zeros(DType.F32, 65, 24).requireGradient(),
      model.zeros(DType.F32, 24).requireGradient(),
      model.zeros(DType.F32, 72, 24).requireGradient(),
      model.zeros(DType.F32, 72).requireGradient(),
      model.zeros(DType.F32, SHORT + ROWS, 4),
    };
  }

  private static long bytesOfAStep(Scope step, Tensor[] in) throws ReflectiveOperationException {
    long before = allocatedBytes();
    try (Tape tape = Tape.start(step)) {
      Tensor x = in[1].embedding(in[0]);
      Tensor qkv =
          x.rmsNorm(in[2], 1e-5).linear(in[3], in[4]).rope(new Rotation(in[5], in[5]), 6, 0);
      Tensor h = x.add(Attention.causal(qkv, 3, 3)).layerNorm(in[2], in[2], 1e-5);
      Tensor wide = h.linear(in[3], null);
      Tensor u = wide.gelu().add(wide.geluErf()).slice(2, 0, 48).contiguous().swiGlu();
      Tensor y = u.dropout(0.1, new Philox(1, 1), 0).mul(in[2]).softmax();
      Tensor loss = y.linear(in[1], null).crossEntropy(in[0]).mean();
      tape.backward(loss.add(h.norm()));
    }
    return allocatedBytes() - before;
  }

  /** By reflection, since this module does not require the one that knows. */
  private static long allocatedBytes() throws ReflectiveOperationException {
    Object bean =
        Class.forName("java.lang.management.ManagementFactory")
            .getMethod("getThreadMXBean")
            .invoke(null);
    Method method =
        Class.forName("com.sun.management.ThreadMXBean")
            .getMethod("getCurrentThreadAllocatedBytes");
    return (long) method.invoke(bean);
  }
}
