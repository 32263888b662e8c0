package dev.tiebreak.tensor;

import dev.tiebreak.tensor.attention.Attention;
import java.lang.reflect.Method;

/** Prints by how many bytes of Java heap a step over large tensors exceeds one over small ones. */
public final class HeapProbe {
  private static final int MOST_STEPS = 10_000;

  private HeapProbe() {}

  /** Repeats both steps until the excess is below the bound in bytes, or for long enough. */
  public static void main(String[] arguments) throws ReflectiveOperationException {
    long bound = Long.getLong("bound");
    try (CpuBackend cpu = CpuBackend.create(1);
        Scope model = cpu.newScope("model");
        Scope step = cpu.newScope("step")) {
      Tensor[] small = inputs(model, 2);
      Tensor[] large = inputs(model, 120);
      long excess = Long.MAX_VALUE;
      for (int i = 0; i < MOST_STEPS && excess > bound; i++) {
        excess = bytesOfAStep(step, large) - bytesOfAStep(step, small);
      }
      System.out.println("excess " + excess);
    }
  }

  private static Tensor[] inputs(Scope model, int length) {
    return new Tensor[] {
      model.of(new int[length], 1, length),
      model.zeros(DType.F32, 65, 24).requireGradient(),
      model.zeros(DType.F32, 24).requireGradient(),
      model.zeros(DType.F32, 72, 24).requireGradient(),
      model.zeros(DType.F32, 72).requireGradient(),
      model.zeros(DType.F32, 128, 4),
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
