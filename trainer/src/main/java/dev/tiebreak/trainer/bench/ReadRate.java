package dev.tiebreak.trainer.bench;

import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Scope;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The rate at which all threads together read memory: the roofline of a product with one row. */
final class ReadRate {
  private static final int LEAST_REPEATS = 3; // the first one pays for waking the threads
  private static final int PARTS = 64;

  private static volatile long sink; // so that no sum is left out

  private ReadRate() {}

  /**
   * Bytes a second of adding up an array of so many bytes again and again, the best of all rounds
   * in about so many seconds. What fits the caches comes from there, as it does for a model's
   * weights.
   */
  static double bytesPerSecond(CpuBackend cpu, long bytes, double seconds) {
    try (Scope scope = cpu.newScope("read rate")) {
      MemorySegment data = scope.zeros(DType.F32, Math.toIntExact(bytes / Float.BYTES)).data();
      int longs = Math.toIntExact(bytes / Long.BYTES / PARTS / 8 * 8); // in each part
      double best = Double.POSITIVE_INFINITY;
      long begin = System.nanoTime();
      for (int i = 0; i < LEAST_REPEATS || System.nanoTime() - begin < seconds * 1e9; i++) {
        long start = System.nanoTime();
        cpu.forTasks(PARTS, (from, to, worker) -> add(data, from * longs, (to - from) * longs));
        best = Math.min(best, System.nanoTime() - start);
      }
      return (double) longs * PARTS * Long.BYTES / best * 1e9;
    }
  }

  private static void add(MemorySegment data, long from, long count) {
    long a = 0;
    long b = 0;
    long c = 0;
    long d = 0;
    long e = 0;
    long f = 0;
    long g = 0;
    long h = 0;
    MemorySegment part = data.asSlice(from * Long.BYTES, count * Long.BYTES);
    int n = (int) count;
    for (int i = 0; i < n; i += 8) {
      a += part.getAtIndex(ValueLayout.JAVA_LONG, i);
      b += part.getAtIndex(ValueLayout.JAVA_LONG, i + 1);
      c += part.getAtIndex(ValueLayout.JAVA_LONG, i + 2);
      d += part.getAtIndex(ValueLayout.JAVA_LONG, i + 3);
      e += part.getAtIndex(ValueLayout.JAVA_LONG, i + 4);
      f += part.getAtIndex(ValueLayout.JAVA_LONG, i + 5);
      g += part.getAtIndex(ValueLayout.JAVA_LONG, i + 6);
      h += part.getAtIndex(ValueLayout.JAVA_LONG, i + 7);
    }
    sink = a + b + c + d + e + f + g + h;
  }
}
