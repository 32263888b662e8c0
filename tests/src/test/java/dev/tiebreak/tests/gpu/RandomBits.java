package dev.tiebreak.tests.gpu;

import dev.tiebreak.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Fills tensors with numbers that are the same everywhere; also large ones, quickly. */
final class RandomBits {
  private static final int CHUNK = 1 << 20; // elements; one after the other on the way to the GPU
  private static final int PARTS = 16; // of a chunk, written side by side
  private static final int UPPER_HALF = 0xffff0000;

  private RandomBits() {}

  /** Numbers between -2 and 2 that bfloat16 has, in float32 or bfloat16. */
  static Tensor fill(Tensor tensor) {
    return fill(tensor, 0);
  }

  /** The same, with other numbers for other seeds. */
  static Tensor fill(Tensor tensor, int seed) {
    int size = Math.toIntExact(tensor.size());
    Tensor flat = tensor.reshape(size);
    int bytes = tensor.dtype().bytes();
    try (Arena arena = Arena.ofShared()) {
      MemorySegment chunk = arena.allocate((long) CHUNK * bytes, Float.BYTES);
      for (int from = 0; from < size; from += CHUNK) {
        int count = Math.min(CHUNK, size - from);
        write(chunk, bytes, seed * 31L + from);
        flat.slice(0, from, count).copyFrom(chunk.asSlice(0, (long) count * bytes));
      }
    }
    return tensor;
  }

  /** The upper half of a float32 is a bfloat16. */
  private static void write(MemorySegment chunk, int bytes, long seed) {
    int each = CHUNK / PARTS;
    IntStream.range(0, PARTS)
        .parallel()
        .forEach(part -> {
          SplittableRandom random = new SplittableRandom(seed * 31 + part);
          for (int i = part * each; i < (part + 1) * each; i++) {
            int bits = Float.floatToRawIntBits((float) (random.nextDouble() * 4 - 2));
            if (bytes == Float.BYTES) {
              chunk.setAtIndex(ValueLayout.JAVA_INT, i, bits & UPPER_HALF);
            } else {
              chunk.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (bits >> Short.SIZE));
            }
          }
        });
  }
}
