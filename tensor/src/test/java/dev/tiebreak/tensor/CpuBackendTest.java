package dev.tiebreak.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.bindings.Matmul;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The backend's divided matrix product, and what happens where OpenBLAS is missing. */
class CpuBackendTest {
  @ParameterizedTest(name = "({0}, {2}) ({2}, {1}) on {3} threads")
  @CsvSource({
    "1, 1, 1, 3",
    "7, 5, 3, 2",
    "257, 33, 65, 2",
    "33, 257, 65, 2",
    "100, 130, 70, 3",
    "130, 100, 70, 5",
    "1, 3000, 100, 4",
    "3000, 1, 100, 4"
  })
  void aDividedProductEqualsTheWholeForAllTransposes(int m, int n, int k, int threads) {
    try (CpuBackend divided = CpuBackend.create(threads);
        CpuBackend java = CpuBackend.withoutBlas(threads);
        CpuBackend whole = CpuBackend.scalar()) {
      for (int transposes = 0; transposes < 4; transposes++) {
        boolean ta = (transposes & 1) != 0;
        boolean tb = (transposes & 2) != 0;
        for (DType dtype : new DType[] {DType.F32, DType.F64}) {
          double[] expected = product(whole, ta, tb, m, n, k, dtype);
          double tolerance = dtype == DType.F32 ? 1e-6 * (1 + Math.sqrt(k)) : 1e-13;
          assertClose(product(divided, ta, tb, m, n, k, dtype), expected, tolerance);
          assertClose(product(java, ta, tb, m, n, k, dtype), expected, 0);
        }
      }
    }
  }

  @Test
  void sumsOverRowsHaveTheSameBitsOnAnyNumberOfThreads() {
    float[][] one = gradientsOfRows(1);
    for (int threads : new int[] {2, 3, 5}) {
      float[][] several = gradientsOfRows(threads);
      for (int i = 0; i < one.length; i++) {
        assertThat(several[i]).isEqualTo(one[i]);
      }
    }
  }

  /** Of what two norms and a sum repeat over 1,000 rows. */
  private static float[][] gradientsOfRows(int threads) {
    try (CpuBackend cpu = CpuBackend.withoutBlas(threads);
        Scope model = cpu.newScope("model");
        Scope step = cpu.newScope("step")) {
      Tensor x = random(model, DType.F32, 1000 * 33).reshape(1000, 33);
      Tensor dy = random(model, DType.F32, 1000 * 33).reshape(1000, 33);
      Tensor[] weights = new Tensor[4];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = random(model, DType.F32, 33).requireGradient();
      }
      try (Tape tape = Tape.start(step)) {
        Tensor y = x.layerNorm(weights[0], weights[1], 1e-5).rmsNorm(weights[2], 1e-5);
        tape.backward(y.add(weights[3]), dy);
      }
      float[][] gradients = new float[weights.length][];
      for (int i = 0; i < weights.length; i++) {
        gradients[i] = weights[i].gradient().toFloats();
      }
      return gradients;
    }
  }

  /** C with gaps between its rows, which must stay as they were. */
  private static double[] product(
      CpuBackend cpu, boolean ta, boolean tb, int m, int n, int k, DType dtype) {
    int lda = (ta ? m : k) + 1;
    int ldb = (tb ? k : n) + 2;
    int ldc = n + 3;
    try (Scope scope = cpu.newScope("matrices")) {
      Tensor a = random(scope, dtype, (ta ? k : m) * lda);
      Tensor b = random(scope, dtype, (tb ? n : k) * ldb);
      Tensor c = random(scope, dtype, m * ldc);
      var product = new Matmul(ta, tb, m, n, k, 0.5, lda, ldb, -2, ldc);
      cpu.matmul(product, a.data(), b.data(), c.data(), dtype);
      return c.toDoubles();
    }
  }

  private static Tensor random(Scope scope, DType dtype, int size) {
    var random = new Random(size);
    Tensor tensor = scope.zeros(dtype, size);
    for (long i = 0; i < size; i++) {
      tensor.set(i, (float) (random.nextDouble() - 0.5));
    }
    return tensor;
  }

  private static void assertClose(double[] actual, double[] expected, double tolerance) {
    for (int i = 0; i < expected.length; i++) {
      if (!(Math.abs(actual[i] - expected[i]) <= tolerance)) {
        throw new AssertionError(i + ": " + actual[i] + ", expected " + expected[i]);
      }
    }
  }

  @Test
  void theBackendSaysWhatItRunsOn() {
    try (CpuBackend cpu = CpuBackend.create(2);
        CpuBackend java = CpuBackend.withoutBlas(3);
        CpuBackend scalar = CpuBackend.scalar()) {
      assertThat(cpu.name()).isEqualTo("cpu");
      assertThat(cpu.usesBlas()).isTrue();
      assertThat(cpu.description()).matches("2 threads, \\d+ float32 lanes, OpenBLAS .*");
      assertThat(cpu.vectorises(DType.F32)).isTrue();
      assertThat(cpu.vectorises(DType.F64)).isFalse();
      assertThat(java.usesBlas()).isFalse();
      assertThat(java.description()).endsWith("float32 lanes, pure Java (no OpenBLAS)");
      assertThat(java.threads()).isEqualTo(3);
      assertThat(scalar.vectorises(DType.F32)).isFalse();
      assertThat(scalar.threads()).isEqualTo(1);
    }
    assertThatThrownBy(() -> CpuBackend.create(0)).hasMessage("threads must be at least 1, got 0");
  }

  @Test
  void withoutOpenBlasThereIsOneWarningWithTheRemedyAndTrainingGoesOn() throws Exception {
    String output = ChildJvm.run(FallbackProbe.class, "-Dtiebreak.openblas=/nonexistent/blas.so");
    assertThat(output)
        .containsOnlyOnce("WARNING: matrix products run in plain Java, several times slower: ")
        .containsOnlyOnce("the system property tiebreak.openblas names no readable file")
        .containsOnlyOnce("or unset it to use the library that comes along.")
        .doesNotContain("Exception", "\tat ");
    assertThat(output.split("blas false, loss fell true\n")).hasSize(3);
    assertThat(output).endsWith("pure Java (no OpenBLAS)");
  }

  @Test
  void withOpenBlasThereIsNoWarning() throws Exception {
    String output = ChildJvm.run(FallbackProbe.class);
    assertThat(output).doesNotContain("plain Java");
    assertThat(output.split("blas true, loss fell true\n")).hasSize(3);
  }
}
