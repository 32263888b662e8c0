package dev.tiebreak.tests.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.tensor.Backend;
import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.CudaBackend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.tensor.attention.Attention;
import dev.tiebreak.tensor.attention.KvCache;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attention after cached positions gives on the simulated GPU what it gives on the CPU. */
@NeedsSimulatedCuda
class CachedAttentionTest {
  private static final int BATCH = 2;
  private static final int CAPACITY = 80;
  private static final int[] LENGTHS = {3, 62, 1, 5};

  @ParameterizedTest(name = "{0} heads, {1} kv heads of {2} in {3}")
  @CsvSource({"2, 2, 8, F32", "4, 2, 5, F32", "3, 1, 64, F32", "2, 1, 130, F32", "4, 2, 64, BF16"})
  void itIsThatOfTheCpu(int heads, int kvHeads, int size, DType type) {
    SimulatedCuda.install();
    double[] expected;
    double[] actual;
    try (CpuBackend cpu = CpuBackend.create(1)) {
      expected = outputs(cpu, DType.F32, heads, kvHeads, size);
    }
    try (CudaBackend cuda = CudaBackend.open(0)) {
      actual = outputs(cuda, type, heads, kvHeads, size);
    }
    assertThat(SimulatedCuda.report()).isEmpty();
    double largest = DoubleStream.of(expected).map(Math::abs).max().orElseThrow();
    for (int i = 0; i < expected.length; i++) {
      assertThat(Math.abs(actual[i] - expected[i]))
          .as("output %d", i)
          .isLessThan(largest * (type == DType.F32 ? 1e-5 : 1e-2));
    }
  }

  /** The outputs for one piece of a sequence after the other. */
  private static double[] outputs(Backend backend, DType type, int heads, int kvHeads, int size) {
    var random = new Random(1);
    var all = DoubleStream.builder();
    try (Scope model = backend.newScope("model");
        Scope step = backend.newScope("step")) {
      var cache = new KvCache(model, type, BATCH, CAPACITY, kvHeads, size);
      for (int length : LENGTHS) {
        Tensor x = model.zeros(type, BATCH, length, (heads + 2 * kvHeads) * size);
        Tensor values = model.of(values(random, (int) x.size()), x.shape().toArray());
        x.copyFrom(values);
        try (Tape _ = Tape.inference(step)) {
          DoubleStream.of(Attention.cached(x, heads, kvHeads, cache).toDoubles()).forEach(all);
        }
      }
      assertThat(cache.length()).isEqualTo(71);
    }
    return all.build().toArray();
  }

  /** Numbers that bfloat16 holds exactly. */
  private static float[] values(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (random.nextInt(129) - 64) / 32f;
    }
    return values;
  }
}
