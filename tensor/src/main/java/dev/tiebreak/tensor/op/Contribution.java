package dev.tiebreak.tensor.op;

import dev.tiebreak.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * What a backward on the CPU adds to one gradient; {@link GradientTarget} is the same for a kernel.
 *
 * @param gradient where it goes
 * @param add whether to add to what is there, or overwrite it
 */
record Contribution(Tensor gradient, boolean add) {
  /** Starts a contribution to the gradient of {@code x}; null if none is wanted, or x is null. */
  static Contribution start(Tensor x) {
    if (x == null || !x.requiresGradient()) {
      return null;
    }
    boolean add = x.startGradient();
    return new Contribution(x.gradient(), add);
  }

  MemorySegment memory() {
    return gradient.memory();
  }
}
