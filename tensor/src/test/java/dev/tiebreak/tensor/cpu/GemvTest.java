package dev.tiebreak.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.bindings.Matmul;
import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Philox;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Products with a few rows against the sum that defines them, for any division of the rows. */
class GemvTest {
  private static final int[] SIZES = {1, 3, 7, 33, 257};

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void dotsAreTheSumsOfProducts(int m) {
    try (CpuBackend cpu = CpuBackend.scalar();
        Scope scope = cpu.newScope("test")) {
      for (int n : SIZES) {
        for (int k : SIZES) {
          Tensor x = random(scope, m, k, 1);
          Tensor w = random(scope, n, k, 2);
          Tensor y = scope.zeros(DType.F32, m, n);
          Matmul half = Matmul.dense(false, true, m, n, k, 0).withFactors(0.5, 0);
          Gemv.multiply(half, x.memory(), w.memory(), y.memory());
          for (int i = 0; i < m; i++) {
            for (int r = 0; r < n; r++) {
              double dot = 0;
              double sizes = 0;
              for (int j = 0; j < k; j++) {
                double product = x.get((long) i * k + j) * w.get((long) r * k + j);
                dot += product;
                sizes += Math.abs(product);
              }
              assertThat(Math.abs(y.get((long) i * n + r) - dot / 2))
                  .as("x (%d, %d), w (%d, %d), element %d, %d", m, k, n, k, i, r)
                  .isLessThanOrEqualTo(1e-6 * sizes);
            }
          }
        }
      }
    }
  }

  @Test
  void anyDivisionAmongThreadsAndAnyNumberOfRowsGivesTheSameBits() {
    int n = 1_025;
    int k = 391;
    try (CpuBackend alone = CpuBackend.withoutBlas(1);
        Scope scope = alone.newScope("test")) {
      Tensor x = random(scope, 5, k, 1);
      Tensor w = random(scope, n, k, 2);
      float[] expected = product(alone, scope, x, 5, w);
      for (int threads = 2; threads <= 4; threads++) {
        try (CpuBackend several = CpuBackend.withoutBlas(threads)) {
          assertThat(product(several, scope, x, 5, w)).isEqualTo(expected);
        }
      }
      float[] first = new float[n];
      System.arraycopy(expected, 0, first, 0, n);
      assertThat(product(alone, scope, x, 1, w)).isEqualTo(first);
    }
  }

  private static float[] product(CpuBackend cpu, Scope scope, Tensor x, int m, Tensor w) {
    int n = w.dim(0);
    Tensor y = scope.zeros(DType.F32, m, n);
    Matmul product = Matmul.dense(false, true, m, n, w.dim(1), 0);
    cpu.matmul(product, x.memory(), w.memory(), y.memory(), DType.F32);
    return y.toFloats();
  }

  private static Tensor random(Scope scope, int rows, int columns, int stream) {
    Tensor tensor = scope.zeros(DType.F32, rows, columns);
    Philox random = new Philox(7, stream);
    for (long i = 0; i < tensor.size(); i++) {
      tensor.set(i, random.gaussian(i));
    }
    return tensor;
  }
}
