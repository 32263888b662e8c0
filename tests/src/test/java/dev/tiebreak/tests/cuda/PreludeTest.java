package dev.tiebreak.tests.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.bindings.cuda.DeviceBuffer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every kernel is built on: reductions, and the rounding to bfloat16. */
@NeedsSimulatedCuda
class PreludeTest {
  private static final int PATTERNS = 1 << 16;

  private Kernels gpu;

  @BeforeEach
  void open() {
    gpu = Kernels.open();
  }

  @AfterEach
  void close() {
    gpu.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {32, 64, 96, 256, 992, 1024})
  void reductionsOverABlockAreThoseOfALoopInEveryThread(int block) {
    var random = new Random(block);
    float[] x = new float[block];
    double sum = 0;
    float largest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < block; i++) {
      x[i] = -random.nextFloat();
      sum += x[i];
      largest = Math.max(largest, x[i]);
    }
    DeviceBuffer sums = gpu.buffer(4L * block);
    DeviceBuffer maxima = gpu.buffer(4L * block);
    gpu.run(
        """
        extern "C" __global__ void k(float* sums, float* maxima, const float* x) {
          float value = x[threadIdx.x];
          sums[threadIdx.x] = block_sum(block_sum(value) / blockDim.x);
          maxima[threadIdx.x] = block_max(value);
        }
        """,
        1,
        block,
        0,
        sums.address(),
        maxima.address(),
        gpu.of(x).address());
    for (float result : gpu.floats(sums)) {
      assertThat(result).isCloseTo((float) sum, within(1e-4f));
    }
    assertThat(gpu.floats(maxima)).containsOnly(largest);
  }

  /** Every pattern of the upper half, with lower halves around the tie. */
  @Test
  void bfloat16RoundsToNearestWithTiesToEven() {
    int[] lower = {0, 1, 0x7fff, 0x8000, 0x8001, 0xffff};
    DeviceBuffer floats = gpu.buffer(4L * PATTERNS * lower.length);
    DeviceBuffer rounded = gpu.buffer(2L * PATTERNS * lower.length);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bits = arena.allocate(floats.bytes(), 4);
      for (int i = 0; i < PATTERNS * lower.length; i++) {
        bits.setAtIndex(ValueLayout.JAVA_INT, i, i / lower.length << 16 | lower[i % lower.length]);
      }
      gpu.stream.copyIn(floats.address(), bits);
      gpu.run(
          """
          extern "C" __global__ void k(bf16* y, const float* x) {
            i64 i = (i64)blockIdx.x * blockDim.x + threadIdx.x;
            assign(y[i], x[i]);
          }
          """,
          PATTERNS * lower.length / 1024,
          1024,
          0,
          rounded.address(),
          floats.address());
      MemorySegment result = gpu.bytes(rounded);
      for (int i = 0; i < PATTERNS * lower.length; i++) {
        float x = Float.intBitsToFloat(bits.getAtIndex(ValueLayout.JAVA_INT, i));
        int got = result.getAtIndex(ValueLayout.JAVA_SHORT, i) & 0xffff;
        assertRounded(x, Float.intBitsToFloat(got << 16));
      }
    }
  }

  /** By the definition: no neighbour is nearer, and of two that are as near it is the even one. */
  private static void assertRounded(float x, float rounded) {
    if (Float.isNaN(x)) {
      assertThat(rounded).isNaN();
      return;
    }
    int bits = Float.floatToRawIntBits(rounded);
    double error = distance(x, rounded);
    for (int step : new int[] {-(1 << 16), 1 << 16}) {
      float neighbour = Float.intBitsToFloat(bits + step);
      boolean sameSign = (bits < 0) == (bits + step < 0);
      if (sameSign && !Float.isNaN(neighbour)) {
        double other = distance(x, neighbour);
        boolean even = (bits >> 16 & 1) == 0;
        if (other < error || other == error && !even) {
          throw new AssertionError(
              String.format(
                  Locale.ROOT, "%a became %a, but %a is nearer or even", x, rounded, neighbour));
        }
      }
    }
    assertThat(Math.copySign(1, rounded)).isEqualTo(Math.copySign(1, x));
  }

  /** Infinity counts as the power of two behind the largest number. */
  private static double distance(float x, float y) {
    return x == y ? 0 : Math.abs(finite(x) - finite(y));
  }

  private static double finite(float x) {
    return Float.isInfinite(x) ? Math.copySign(0x1p128, x) : x;
  }
}
