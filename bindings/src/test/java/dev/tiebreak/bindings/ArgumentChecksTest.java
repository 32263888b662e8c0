package dev.tiebreak.bindings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

/** Nothing that C would read or write past the end reaches C. */
class ArgumentChecksTest {
  private static final int MAX = Integer.MAX_VALUE;

  private final OpenBlas blas = OpenBlas.load();
  private final Arena arena = Arena.ofAuto();

  @Test
  void segmentsOfExactlyTheRightSizeAreTaken() {
    // a (2, 3), b (3, 4), c (2, 4)
    blas.sgemm(new Matmul(false, false, 2, 4, 3, 1, 3, 4, 0, 4), floats(6), floats(12), floats(8));
    blas.dgemm(
        new Matmul(false, false, 2, 4, 3, 1, 3, 4, 0, 4), doubles(6), doubles(12), doubles(8));
    blas.sgemm(new Matmul(true, true, 2, 4, 3, 1, 2, 3, 0, 4), floats(6), floats(12), floats(8));
    // The last row needs no padding.
    blas.sgemm(
        new Matmul(false, false, 2, 4, 3, 1, 10, 4, 0, 4), floats(13), floats(12), floats(8));
  }

  @Test
  void aSegmentThatIsOneElementShortIsNamed() {
    assertThatThrownBy(() -> product(floats(5), 3, floats(12), 4, floats(8), 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a has 20 bytes, but 2 rows of 3 elements at lda=3 need 6 elements of 4 bytes");
    assertThatThrownBy(() -> product(floats(6), 3, floats(11), 4, floats(8), 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("b has 44 bytes");
    assertThatThrownBy(() -> product(floats(6), 3, floats(12), 4, floats(7), 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("c has 28 bytes");
    assertThatThrownBy(() ->
            blas.dgemm(
                new Matmul(false, false, 2, 4, 3, 1, 3, 4, 0, 4),
                doubles(6),
                doubles(12),
                floats(8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("c has 32 bytes");
  }

  @Test
  void aTransposedMatrixIsMeasuredAsItIsStored() {
    // a is stored as (3, 2): at lda=5 that needs 12 elements, where (2, 3) would need 8.
    assertThatThrownBy(() ->
            blas.sgemm(
                new Matmul(true, false, 2, 4, 3, 1, 5, 4, 0, 4), floats(11), floats(12), floats(8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3 rows of 2 elements at lda=5 need 12 elements");
    assertThatThrownBy(() ->
            blas.sgemm(
                new Matmul(false, true, 2, 4, 3, 1, 3, 2, 0, 4), floats(6), floats(12), floats(8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("ldb is 2, but a row of b has 3 elements");
  }

  @Test
  void aLeadingDimensionSmallerThanARowIsNamed() {
    assertThatThrownBy(() -> product(floats(6), 2, floats(12), 4, floats(8), 4))
        .hasMessage("lda is 2, but a row of a has 3 elements");
    assertThatThrownBy(() -> product(floats(6), 3, floats(12), 3, floats(8), 4))
        .hasMessage("ldb is 3, but a row of b has 4 elements");
    assertThatThrownBy(() -> product(floats(6), 3, floats(12), 4, floats(8), 0))
        .hasMessage("ldc is 0, but a row of c has 4 elements");
  }

  @Test
  void negativeDimensionsAreRefused() {
    for (int[] mnk : new int[][] {{-1, 4, 3}, {2, -1, 3}, {2, 4, -1}}) {
      assertThatThrownBy(() ->
              blas.sgemm(
                  new Matmul(false, false, mnk[0], mnk[1], mnk[2], 1, 3, 4, 0, 4),
                  floats(6),
                  floats(12),
                  floats(8)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must not be negative");
    }
  }

  @Test
  void sizesThatOverflowAnIntOrALongOfBytesAreRefused() {
    for (int size : new int[] {1 << 16, 1 << 30, MAX}) {
      assertThatThrownBy(() ->
              blas.dgemm(
                  new Matmul(false, false, size, size, size, 1, size, size, 0, size),
                  doubles(6),
                  doubles(6),
                  doubles(6)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("need " + (long) size * size + " elements");
    }
    assertThatThrownBy(() -> product(floats(6), MAX, floats(12), 4, floats(8), 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("need " + (MAX + 3L) + " elements");
  }

  @Test
  void emptyProductsNeedNoMemory() {
    blas.sgemm(new Matmul(false, false, 0, 4, 3, 1, 3, 4, 0, 4), floats(0), floats(12), floats(0));
    MemorySegment c = floats(8);
    c.setAtIndex(ValueLayout.JAVA_FLOAT, 7, 2);
    blas.sgemm(new Matmul(false, false, 2, 4, 0, 1, 1, 4, 3, 4), floats(0), floats(0), c);
    assertThat(c.getAtIndex(ValueLayout.JAVA_FLOAT, 7)).isEqualTo(6);
  }

  @Test
  void heapMemoryIsRefused() {
    assertThatThrownBy(
            () -> product(MemorySegment.ofArray(new float[6]), 3, floats(12), 4, floats(8), 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a is not native memory");
  }

  @Test
  void aReadOnlyResultIsRefused() {
    assertThatThrownBy(() -> product(floats(6), 3, floats(12), 4, floats(8).asReadOnly(), 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("c is read-only");
  }

  @Test
  void memoryThatIsFreedIsRefused() {
    Arena closed = Arena.ofConfined();
    MemorySegment a = closed.allocate(6 * Float.BYTES);
    closed.close();
    assertThatThrownBy(() -> product(a, 3, floats(12), 4, floats(8), 4))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void zeroThreadsAreRefused() {
    assertThatThrownBy(() -> blas.setThreads(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("threads must be at least 1, not 0");
  }

  /** a (2, 3), b (3, 4), c (2, 4). */
  private void product(
      MemorySegment a, int lda, MemorySegment b, int ldb, MemorySegment c, int ldc) {
    blas.sgemm(new Matmul(false, false, 2, 4, 3, 1, lda, ldb, 0, ldc), a, b, c);
  }

  private MemorySegment floats(int n) {
    return arena.allocate((long) n * Float.BYTES, 64);
  }

  private MemorySegment doubles(int n) {
    return arena.allocate((long) n * Double.BYTES, 64);
  }
}
