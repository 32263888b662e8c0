package dev.tiebreak.bindings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** OpenBLAS's products against the plain triple loop. */
class MatrixProductTest {
  private static final int[] SIZES = {1, 3, 7, 33, 65};
  private static final double[][] SCALES = {{1, 0}, {1, 1}, {0.5, -2}, {0, 0.5}};
  private static final boolean[] BOTH = {false, true};

  private final OpenBlas blas = OpenBlas.load();
  private final int threadsBefore = blas.threads();
  private Arena arena;

  @BeforeEach
  void open() {
    arena = Arena.ofConfined();
  }

  @AfterEach
  void close() {
    arena.close();
    blas.setThreads(threadsBefore);
  }

  @ParameterizedTest
  @EnumSource
  void everyTransposeShapeAndScaleMatchesTheTripleLoop(Precision precision) {
    int scale = 0;
    for (boolean transA : BOTH) {
      for (boolean transB : BOTH) {
        for (int m : SIZES) {
          for (int n : SIZES) {
            for (int k : SIZES) {
              double[] alphaBeta = SCALES[scale++ % SCALES.length];
              check(precision, new Product(transA, transB, m, n, k, 0), alphaBeta);
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void leadingDimensionsLargerThanARowLeaveWhatLiesBetweenRowsAlone(Precision precision) {
    for (boolean transA : BOTH) {
      for (boolean transB : BOTH) {
        for (double[] alphaBeta : SCALES) {
          check(precision, new Product(transA, transB, 7, 33, 3, 5), alphaBeta);
          check(precision, new Product(transA, transB, 65, 1, 33, 2), alphaBeta);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void anEmptyInnerDimensionOnlyScalesC(Precision precision) {
    check(precision, new Product(false, false, 7, 3, 0, 0), new double[] {1, -2});
    check(precision, new Product(true, true, 0, 3, 7, 0), new double[] {1, 1});
  }

  @ParameterizedTest
  @EnumSource
  void withBetaZeroWhateverCHoldsIsOverwritten(Precision precision) {
    var product = new Product(false, false, 7, 33, 7, 0);
    MemorySegment a = precision.allocate(arena, product.sizeA());
    MemorySegment b = precision.allocate(arena, product.sizeB());
    MemorySegment c = precision.allocate(arena, product.sizeC());
    for (int i = 0; i < product.sizeC(); i++) {
      precision.set(c, i, Double.NaN);
    }
    precision.multiply(blas, product, 1, a, b, 0, c);
    for (int i = 0; i < product.sizeC(); i++) {
      assertThat(precision.get(c, i)).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void fourThreadsAtOnceGetTheBitsThatOneGets(Precision precision) throws Exception {
    blas.setThreads(1);
    var product = new Product(false, true, 33, 65, 64, 0);
    int calls = 200;
    var random = new SplittableRandom(7);
    Arena shared = Arena.ofAuto();
    MemorySegment a = precision.random(shared, product.sizeA() + calls, random);
    MemorySegment b = precision.random(shared, product.sizeB() + calls, random);
    // Call i works on the inputs from element i on, so every call has another right answer.
    Callable<MemorySegment> all =
        () -> {
          MemorySegment results = precision.allocate(shared, calls * product.sizeC());
          for (int i = 0; i < calls; i++) {
            precision.multiply(
                blas,
                product,
                1,
                a.asSlice((long) i * precision.bytes()),
                b.asSlice((long) i * precision.bytes()),
                0,
                results.asSlice((long) i * product.sizeC() * precision.bytes()));
          }
          return results;
        };
    MemorySegment serial = all.call();
    try (var executor = Executors.newFixedThreadPool(4)) {
      var tasks = new ArrayList<Callable<MemorySegment>>();
      for (int thread = 0; thread < 4; thread++) {
        tasks.add(all);
      }
      for (var result : executor.invokeAll(tasks)) {
        assertThat(result.get().mismatch(serial)).isEqualTo(-1);
      }
    }
    assertThat(precision.get(serial, 0)).isNotZero();
  }

  @Test
  void theNumberOfThreadsCanBeSet() {
    blas.setThreads(1);
    assertThat(blas.threads()).isEqualTo(1);
    blas.setThreads(2);
    assertThat(blas.threads()).isEqualTo(2);
  }

  private void check(Precision precision, Product p, double[] alphaBeta) {
    var random = new SplittableRandom(p.hashCode());
    MemorySegment a = precision.random(arena, p.sizeA(), random);
    MemorySegment b = precision.random(arena, p.sizeB(), random);
    MemorySegment c = precision.random(arena, p.sizeC(), random);
    double[] expected = new double[p.sizeC()];
    double[] tolerance = new double[p.sizeC()];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = precision.get(c, i);
    }
    for (int i = 0; i < p.m; i++) {
      for (int j = 0; j < p.n; j++) {
        int at = i * p.ldc() + j;
        double sum = 0;
        double magnitude = 0;
        for (int l = 0; l < p.k; l++) {
          double term =
              precision.get(a, p.transA ? l * p.lda() + i : i * p.lda() + l)
                  * precision.get(b, p.transB ? j * p.ldb() + l : l * p.ldb() + j);
          sum += term;
          magnitude += Math.abs(term);
        }
        double before = alphaBeta[1] * expected[at];
        expected[at] = alphaBeta[0] * sum + before;
        tolerance[at] =
            (p.k + 3) * precision.epsilon * (Math.abs(alphaBeta[0]) * magnitude + Math.abs(before));
      }
    }
    precision.multiply(blas, p, alphaBeta[0], a, b, alphaBeta[1], c);
    for (int i = 0; i < expected.length; i++) {
      assertThat(precision.get(c, i))
          .as("%s %s, element %d", precision, p, i)
          .isCloseTo(expected[i], within(tolerance[i]));
    }
  }

  /** What to multiply: pad is by how much each leading dimension exceeds its row. */
  private record Product(boolean transA, boolean transB, int m, int n, int k, int pad) {
    int lda() {
      return Math.max(1, (transA ? m : k) + pad);
    }

    int ldb() {
      return Math.max(1, (transB ? k : n) + pad);
    }

    int ldc() {
      return Math.max(1, n + pad);
    }

    int sizeA() {
      return size(transA ? k : m, transA ? m : k, lda());
    }

    int sizeB() {
      return size(transB ? n : k, transB ? k : n, ldb());
    }

    int sizeC() {
      return size(m, n, ldc());
    }

    /** The least that holds the matrix: the last row is not padded. */
    private static int size(int rows, int columns, int ld) {
      return rows == 0 || columns == 0 ? 0 : (rows - 1) * ld + columns;
    }
  }

  /** One body for both element types. */
  enum Precision {
    FLOAT32(0x1p-24),
    FLOAT64(0x1p-53);

    private final double epsilon;

    Precision(double epsilon) {
      this.epsilon = epsilon;
    }

    int bytes() {
      return this == FLOAT32 ? Float.BYTES : Double.BYTES;
    }

    MemorySegment allocate(Arena arena, int elements) {
      return arena.allocate((long) elements * bytes(), 64);
    }

    MemorySegment random(Arena arena, int elements, SplittableRandom random) {
      MemorySegment segment = allocate(arena, elements);
      for (int i = 0; i < elements; i++) {
        set(segment, i, random.nextDouble() * 2 - 1);
      }
      return segment;
    }

    double get(MemorySegment segment, int index) {
      return this == FLOAT32
          ? segment.getAtIndex(ValueLayout.JAVA_FLOAT, index)
          : segment.getAtIndex(ValueLayout.JAVA_DOUBLE, index);
    }

    void set(MemorySegment segment, int index, double value) {
      if (this == FLOAT32) {
        segment.setAtIndex(ValueLayout.JAVA_FLOAT, index, (float) value);
      } else {
        segment.setAtIndex(ValueLayout.JAVA_DOUBLE, index, value);
      }
    }

    void multiply(
        OpenBlas blas,
        Product p,
        double alpha,
        MemorySegment a,
        MemorySegment b,
        double beta,
        MemorySegment c) {
      Matmul product =
          new Matmul(p.transA, p.transB, p.m, p.n, p.k, alpha, p.lda(), p.ldb(), beta, p.ldc());
      if (this == FLOAT32) {
        blas.sgemm(product, a, b, c);
      } else {
        blas.dgemm(product, a, b, c);
      }
    }
  }
}
