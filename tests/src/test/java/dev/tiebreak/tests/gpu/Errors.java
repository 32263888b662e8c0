package dev.tiebreak.tests.gpu;

import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Locale;

/** How far numbers are from others, and what makes it show that a number was never written. */
final class Errors {
  private Errors() {}

  /** |actual - expected| / |expected| by Euclidean norms; not a number if anything in it is. */
  static double relative(double[] actual, double[] expected) {
    if (actual.length != expected.length) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "%d numbers against %d", actual.length, expected.length));
    }
    double difference = 0;
    double size = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += (actual[i] - expected[i]) * (actual[i] - expected[i]);
      size += expected[i] * expected[i];
    }
    return size == 0 ? Math.sqrt(difference) : Math.sqrt(difference / size);
  }

  /** Leaves NaN, in float32 and bfloat16, in the memory that the scope will give out next. */
  static void poison(Scope step, long bytes) {
    try (Tape _ = Tape.inference(step);
        Arena arena = Arena.ofConfined()) {
      int count = Math.toIntExact(bytes / Float.BYTES);
      Tensor tensor = step.zeros(DType.F32, count);
      MemorySegment ones = arena.allocate((long) count * Float.BYTES, Float.BYTES);
      tensor.copyFrom(ones.fill((byte) 0xff));
    }
  }
}
