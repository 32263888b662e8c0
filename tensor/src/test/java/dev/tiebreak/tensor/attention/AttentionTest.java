package dev.tiebreak.tensor.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.tensor.table.OpCase;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What attention means: against its definition, causality, and the cache against no cache. */
class AttentionTest {
  private static final CpuBackend CPU = CpuBackend.create(2);
  private static final int HEAD_SIZE = 5;

  private final Scope model = CPU.newScope("inputs");
  private final Scope step = CPU.newScope("step");

  @AfterEach
  void closeScopes() {
    model.close();
    step.close();
  }

  @AfterAll
  static void close() {
    CPU.close();
  }

  @ParameterizedTest(name = "{0} heads, {1} kv heads, {2} positions")
  @CsvSource({"1, 1, 1", "2, 2, 7", "4, 2, 65", "3, 1, 130"})
  void itIsTheSoftmaxOfScaledProductsWithEarlierKeysTimesTheirValues(
      int heads, int kvHeads, int length) {
    Tensor x = random(DType.F64, 2, length, (heads + 2 * kvHeads) * HEAD_SIZE);
    Tensor expected = model.zeros(DType.F64, 2, length, heads * HEAD_SIZE);
    for (int b = 0; b < 2; b++) {
      for (int t = 0; t < length; t++) {
        for (int h = 0; h < heads; h++) {
          double[] row = byDefinition(x, b, t, h, heads, kvHeads);
          for (int d = 0; d < HEAD_SIZE; d++) {
            expected.set(((b * length + t) * heads + h) * HEAD_SIZE + d, row[d]);
          }
        }
      }
    }
    try (Tape _ = Tape.inference(step)) {
      assertSame(Attention.causal(x, heads, kvHeads), expected);
    }
  }

  private static double[] byDefinition(Tensor x, int b, int t, int h, int heads, int kvHeads) {
    int kv = h / (heads / kvHeads);
    double[] weights = new double[t + 1];
    double total = 0;
    for (int s = 0; s <= t; s++) {
      double product = 0;
      for (int d = 0; d < HEAD_SIZE; d++) {
        product += at(x, b, t, h, d) * at(x, b, s, heads + kv, d);
      }
      weights[s] = Math.exp(product / Math.sqrt(HEAD_SIZE));
      total += weights[s];
    }
    double[] y = new double[HEAD_SIZE];
    for (int s = 0; s <= t; s++) {
      for (int d = 0; d < HEAD_SIZE; d++) {
        y[d] += weights[s] / total * at(x, b, s, heads + kvHeads + kv, d);
      }
    }
    return y;
  }

  private static double at(Tensor x, int b, int t, int head, int d) {
    return x.get(((long) b * x.dim(1) + t) * x.dim(2) + (long) head * HEAD_SIZE + d);
  }

  /** In float32 keys are taken in blocks, in float64 all at once: the definition. */
  @ParameterizedTest(name = "{0} heads, {1} kv heads, {2} positions, scores up to {3}")
  @CsvSource({"1, 1, 1025, 1", "2, 1, 1100, 1", "1, 1, 2100, 30", "2, 2, 1031, 300"})
  void blocksOfKeysMakeNoDifference(int heads, int kvHeads, int length, double size) {
    int width = (heads + 2 * kvHeads) * HEAD_SIZE;
    Tensor x32 = model.zeros(DType.F32, 1, length, width).requireGradient();
    Tensor x64 = model.zeros(DType.F64, 1, length, width).requireGradient();
    Tensor dy32 = model.zeros(DType.F32, 1, length, heads * HEAD_SIZE);
    Tensor dy64 = model.zeros(DType.F64, 1, length, heads * HEAD_SIZE);
    Random random = new Random(3);
    for (long i = 0; i < x32.size(); i++) {
      // Later keys are larger, so that maxima grow from block to block.
      double value = (float) (random.nextGaussian() * Math.sqrt(size * i / x32.size()));
      x32.set(i, value);
      x64.set(i, value);
    }
    for (long i = 0; i < dy32.size(); i++) {
      float value = random.nextFloat() - 0.5f;
      dy32.set(i, value);
      dy64.set(i, value);
    }
    double[] y32 = forwardAndBackward(x32, dy32, heads, kvHeads);
    double[] y64 = forwardAndBackward(x64, dy64, heads, kvHeads);
    double tolerance = 3e-6 * (1 + size);
    assertClose(y32, y64, tolerance);
    assertClose(x32.gradient().toDoubles(), x64.gradient().toDoubles(), 3 * tolerance);
  }

  private double[] forwardAndBackward(Tensor x, Tensor dy, int heads, int kvHeads) {
    try (Tape tape = Tape.start(step)) {
      Tensor y = Attention.causal(x, heads, kvHeads);
      double[] values = y.toDoubles();
      tape.backward(y, dy);
      return values;
    }
  }

  /** Against the largest of all: errors of sums are not smaller where results are. */
  private static void assertClose(double[] actual, double[] expected, double tolerance) {
    double largest = 0;
    for (double value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).as("element %d", i).isCloseTo(expected[i], within(tolerance * largest));
    }
  }

  @Test
  void laterPositionsChangeNothingBeforeThem() {
    for (int changed : new int[] {1, 63, 64, 65, 129}) {
      Tensor x = random(DType.F32, 1, 130, 4 * HEAD_SIZE);
      float[] before = attended(x);
      for (int t = changed; t < 130; t++) {
        x.set((long) t * x.dim(2) + 3 * HEAD_SIZE, 1e3); // a value
        x.set((long) t * x.dim(2) + 2 * HEAD_SIZE, 0.5); // a key
      }
      float[] after = attended(x);
      int row = 2 * HEAD_SIZE;
      assertThat(Arrays.copyOf(after, changed * row))
          .isEqualTo(Arrays.copyOf(before, changed * row));
      assertThat(after[changed * row]).isNotEqualTo(before[changed * row]);
    }
  }

  private float[] attended(Tensor x) {
    try (Tape _ = Tape.inference(step)) {
      return Attention.causal(x, 2, 1).toFloats();
    }
  }

  @Test
  void hugeScoresDoNotOverflow() {
    Tensor x = random(DType.F32, 1, 65, 3 * HEAD_SIZE).requireGradient();
    x.scaleInPlace(1000);
    try (Tape tape = Tape.start(step)) {
      Tensor y = Attention.causal(x, 1, 1);
      tape.backward(y, OpCase.upstream(y));
      assertThat(y.toDoubles()).doesNotContain(Double.NaN, Double.POSITIVE_INFINITY);
      assertThat(x.gradient().toDoubles()).doesNotContain(Double.NaN, Double.POSITIVE_INFINITY);
    }
  }

  @ParameterizedTest(name = "{0}, {1} heads, {2} kv heads, prompt of {3}")
  @CsvSource({
    "F32, 2, 2, 1",
    "F32, 4, 2, 7",
    "F32, 3, 1, 65",
    "F64, 2, 2, 7",
    "F64, 4, 2, 64",
    "F64, 3, 1, 1"
  })
  void aPromptAndSingleStepsWithACacheGiveWhatNoCacheGives(
      DType dtype, int heads, int kvHeads, int prompt) {
    int length = prompt + 5;
    int width = (heads + 2 * kvHeads) * HEAD_SIZE;
    Tensor x = random(dtype, 2, length, width);
    var cache = new KvCache(model, dtype, 2, length + 3, kvHeads, HEAD_SIZE);
    try (Tape _ = Tape.inference(step)) {
      Tensor whole = Attention.causal(x, heads, kvHeads);
      for (int from = 0; from < length; from += from == 0 ? prompt : 1) {
        int count = from == 0 ? prompt : 1;
        Tensor part = Attention.cached(x.slice(1, from, count), heads, kvHeads, cache);
        assertSame(part, whole.slice(1, from, count).contiguous());
        assertThat(cache.length()).isEqualTo(from + count);
      }
      cache.clear();
      Tensor again = Attention.cached(x, heads, kvHeads, cache);
      assertSame(again, whole);
      assertThat(cache.capacity()).isEqualTo(length + 3);
    }
  }

  private static void assertSame(Tensor actual, Tensor expected) {
    double tolerance = actual.dtype() == DType.F64 ? 1e-13 : 1e-5;
    assertThat(actual.shape()).isEqualTo(expected.shape());
    for (long i = 0; i < actual.size(); i++) {
      if (!(Math.abs(actual.get(i) - expected.get(i)) <= tolerance)) {
        throw new AssertionError(i + ": " + actual.get(i) + ", expected " + expected.get(i));
      }
    }
  }

  @Test
  void attentionWithACachePassesNoGradient() {
    Tensor x = random(DType.F32, 1, 3, 3 * HEAD_SIZE).requireGradient();
    var cache = new KvCache(model, DType.F32, 1, 3, 1, HEAD_SIZE);
    try (Tape _ = Tape.start(step)) {
      assertThat(Attention.cached(x, 1, 1, cache).requiresGradient()).isFalse();
    }
  }

  private Tensor random(DType dtype, int... dims) {
    var random = new Random(5);
    Tensor tensor = model.zeros(dtype, dims);
    for (long i = 0; i < tensor.size(); i++) {
      tensor.set(i, (float) random.nextGaussian());
    }
    return tensor;
  }
}
