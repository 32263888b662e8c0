package dev.tiebreak.trainer.lab.bench;

import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Scope;
import java.lang.foreign.MemorySegment;

/** The rate at which all threads together read memory: the roofline of a product with one row. */
final class ReadRate {
  private static final int LEAST_REPEATS = 3; // the first one pays for waking the threads
  private static final int PARTS = 64;

  private ReadRate() {}

  /**
   * Bytes a second of reading an array of so many bytes again and again, the best of all rounds in
   * about so many seconds. What fits the caches comes from there, as it does for a model's weights.
   */
  static double bytesPerSecond(CpuBackend cpu, long bytes, double seconds) {
    try (Scope scope = cpu.newScope("read rate")) {
      MemorySegment zeros = scope.zeros(DType.F32, Math.toIntExact(bytes / Float.BYTES)).data();
      long part = bytes / 2 / PARTS;
      double best = Double.POSITIVE_INFINITY;
      long begin = System.nanoTime();
      for (int i = 0; i < LEAST_REPEATS || System.nanoTime() - begin < seconds * 1e9; i++) {
        long start = System.nanoTime();
        cpu.forTasks(PARTS, (from, to, worker) -> compare(zeros, from * part, (to - from) * part));
        best = Math.min(best, System.nanoTime() - start);
      }
      return 2.0 * part * PARTS / best * 1e9;
    }
  }

  /** Reads a part of the first half and the same of the second, in vectors: they are equal. */
  private static void compare(MemorySegment zeros, long from, long bytes) {
    long half = zeros.byteSize() / 2;
    if (zeros.asSlice(from, bytes).mismatch(zeros.asSlice(half + from, bytes)) >= 0) {
      throw new AssertionError("zeros differ from zeros");
    }
  }
}
