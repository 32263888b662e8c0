package dev.tiebreak.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.bindings.Matmul;
import dev.tiebreak.bindings.OpenBlas;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The product in plain Java against OpenBLAS, and both against the sum that defines it. */
class GemmTest {
  private static final Gemm JAVA = new JavaGemm();
  private static final Gemm BLAS = new BlasGemm(OpenBlas.load());
  private static final int GAP = 3; // elements between rows that must not be touched

  @ParameterizedTest(name = "({0}, {2}) ({2}, {1}), beta {3}")
  @CsvSource({
    "1, 1, 1, 0",
    "1, 7, 3, 1",
    "7, 1, 33, 0",
    "3, 5, 1, 0.5",
    "7, 33, 3, 0",
    "33, 17, 7, 1",
    "17, 16, 257, 0",
    "16, 257, 17, -2",
    "257, 3, 33, 1",
    "1, 1301, 33, 0", // more than OpenBLAS's kernels for small products take at once
    "1, 401, 2600, 0",
    "3, 403, 257, 0",
    "7, 258, 700, 1",
    "8, 257, 31, 0"
  })
  void bothGiveTheDefinitionForAllTransposes(int m, int n, int k, double beta) {
    for (int transposes = 0; transposes < 4; transposes++) {
      for (Gemm gemm : new Gemm[] {JAVA, BLAS}) {
        check(gemm, (transposes & 1) != 0, (transposes & 2) != 0, m, n, k, -0.7, beta);
      }
    }
  }

  private static void check(
      Gemm gemm, boolean ta, boolean tb, int m, int n, int k, double alpha, double beta) {
    int lda = (ta ? m : k) + GAP;
    int ldb = (tb ? k : n) + GAP;
    int ldc = n + GAP;
    double[] a = random((ta ? k : m) * lda, 1);
    double[] b = random((tb ? n : k) * ldb, 2);
    double[] c = random(m * ldc, 3);
    double[] expected = c.clone();
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double sum = 0;
        for (int p = 0; p < k; p++) {
          sum += a[ta ? p * lda + i : i * lda + p] * b[tb ? j * ldb + p : p * ldb + j];
        }
        expected[i * ldc + j] = alpha * sum + beta * c[i * ldc + j];
      }
    }
    if (beta == 0) { // whatever C holds, it is only written
      for (int i = 0; i < m; i++) {
        Arrays.fill(c, i * ldc, i * ldc + n, Double.NaN);
      }
    }
    try (Arena arena = Arena.ofConfined()) {
      var product = new Matmul(ta, tb, m, n, k, alpha, lda, ldb, beta, ldc);
      MemorySegment c32 = floats(arena, c);
      gemm.f32(product, floats(arena, a), floats(arena, b), c32);
      MemorySegment c64 = doubles(arena, c);
      gemm.f64(product, doubles(arena, a), doubles(arena, b), c64);
      for (int i = 0; i < expected.length; i++) {
        double single = c32.getAtIndex(ValueLayout.JAVA_FLOAT, i);
        double full = c64.getAtIndex(ValueLayout.JAVA_DOUBLE, i);
        assertClose(gemm, ta, tb, i, single, expected[i], 1e-6 * (1 + Math.sqrt(k)));
        assertClose(gemm, ta, tb, i, full, expected[i], 1e-14 * (1 + Math.sqrt(k)));
      }
    }
  }

  private static void assertClose(
      Gemm gemm, boolean ta, boolean tb, int i, double actual, double expected, double allowed) {
    if (!(Math.abs(actual - expected) <= allowed)) {
      throw new AssertionError(
          String.format(
              Locale.ROOT,
              "%s, transposes %s %s, element %d: %s, expected %s",
              gemm.description(),
              ta,
              tb,
              i,
              actual,
              expected));
    }
  }

  @Test
  void theyDescribeThemselves() {
    assertThat(JAVA.description()).isEqualTo("pure Java (no OpenBLAS)");
    assertThat(BLAS.description()).startsWith("OpenBLAS 0.").contains(" kernels, /");
  }

  private static double[] random(int size, int seed) {
    return new Random(seed).doubles(size, -1, 1).map(v -> (float) v).toArray();
  }

  private static MemorySegment doubles(Arena arena, double[] values) {
    return arena.allocateFrom(ValueLayout.JAVA_DOUBLE, values);
  }

  private static MemorySegment floats(Arena arena, double[] values) {
    MemorySegment segment = arena.allocate(ValueLayout.JAVA_FLOAT, values.length);
    for (int i = 0; i < values.length; i++) {
      segment.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) values[i]);
    }
    return segment;
  }
}
