package dev.tiebreak.tests.gpu;

import dev.tiebreak.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Fills large tensors quickly. */
final class RandomBits {
  private static final int CHUNK = 1 << 20; // elements; one after the other on the way to the GPU

  private RandomBits() {}

  /** Numbers between -2 and 2, of either sign and any fraction, in float32 or bfloat16. */
  static Tensor fill(Tensor tensor) {
    Tensor flat = tensor.reshape(Math.toIntExact(tensor.size()));
    try (Arena arena = Arena.ofShared()) {
      int bytes = tensor.dtype().bytes();
      MemorySegment chunk = arena.allocate((long) CHUNK * bytes);
      int size = Math.toIntExact(tensor.size());
      for (int from = 0; from < size; from += CHUNK) {
        int count = Math.min(CHUNK, size - from);
        write(chunk, bytes, from / CHUNK);
        flat.slice(0, from, count).copyFrom(chunk.asSlice(0, (long) count * bytes));
      }
    }
    return tensor;
  }

  /** The upper half of a float32 is a bfloat16, rounded towards 0. */
  private static void write(MemorySegment chunk, int bytes, int seed) {
    int parts = 16;
    IntStream.range(0, parts)
        .parallel()
        .forEach(part -> {
          SplittableRandom random = new SplittableRandom(seed * 31L + part);
          int each = CHUNK / parts;
          for (int i = part * each; i < (part + 1) * each; i++) {
            int value = Float.floatToRawIntBits((float) (random.nextDouble() * 4 - 2));
            if (bytes == Float.BYTES) {
              chunk.setAtIndex(ValueLayout.JAVA_INT, i, value);
            } else {
              chunk.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (value >> 16));
            }
          }
        });
  }
}
