package dev.tiebreak.bindings.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.bindings.Matmul;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shapes, transposes, tuning and the table, against a stand-in that multiplies by columns. */
@NeedsCudaDouble
class CublasLtTest {
  private static final String PRODUCT = "product %d workspace 33554432";

  @TempDir Path folder;

  private final GemmTable table = new GemmTable("13.0.2", "a GPU");
  private Cuda cuda;
  private Stream stream;
  private CublasLt blas;
  private long live;

  @BeforeEach
  void useTheDouble() {
    cuda = CudaDouble.open();
    live = CudaDouble.live();
    stream = Stream.create();
    blas = CublasLt.create(stream, table);
    CudaDouble.install();
  }

  @AfterEach
  void everythingIsGivenBack() {
    blas.close();
    stream.close();
    assertThat(CudaDouble.live()).isEqualTo(live);
    assertThat(cuda.openResources()).isZero();
    cuda.close();
  }

  @Test
  void everyTransposeMatchesTheTripleLoopOnMatricesWithGaps() {
    for (int bits = 0; bits < 4; bits++) {
      boolean transA = (bits & 1) != 0;
      boolean transB = (bits & 2) != 0;
      int lda = (transA ? 3 : 4) + 2;
      int ldb = (transB ? 4 : 5) + 1;
      assertProduct(
          new GemmKey(
              new Matmul(transA, transB, 3, 5, 4, 1, lda, ldb, 0, 7),
              ElementType.FLOAT32,
              ElementType.FLOAT32,
              1,
              0,
              0,
              0));
    }
  }

  @Test
  void aBatchIsManyProductsAtStrides() {
    assertProduct(
        new GemmKey(
            new Matmul(false, true, 2, 3, 4, 1, 4, 4, 0, 3),
            ElementType.FLOAT32,
            ElementType.FLOAT32,
            3,
            10,
            0,
            8));
  }

  private void assertProduct(GemmKey key) {
    var random = new Random(1);
    float[] a = new float[40];
    float[] b = new float[40];
    float[] c = new float[40];
    for (int i = 0; i < 40; i++) {
      a[i] = random.nextInt(-8, 9);
      b[i] = random.nextInt(-8, 9);
      c[i] = random.nextInt(-8, 9);
    }
    float[] expected = c.clone();
    Matmul p = key.product();
    for (int n = 0; n < key.batch(); n++) {
      for (int i = 0; i < p.m(); i++) {
        for (int j = 0; j < p.n(); j++) {
          float sum = 0;
          for (int l = 0; l < p.k(); l++) {
            int at = p.transposeA() ? l * p.lda() + i : i * p.lda() + l;
            int bt = p.transposeB() ? j * p.ldb() + l : l * p.ldb() + j;
            sum += a[(int) (n * key.strideA()) + at] * b[(int) (n * key.strideB()) + bt];
          }
          int out = (int) (n * key.strideC()) + i * p.ldc() + j;
          expected[out] = 2 * sum + 0.5f * c[out];
        }
      }
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment result = aligned(arena, c);
      blas.plan(key)
          .run(2, aligned(arena, a).address(), aligned(arena, b).address(), 0.5f, result.address());
      assertThat(result.toArray(ValueLayout.JAVA_FLOAT)).as(key.toString()).isEqualTo(expected);
    }
  }

  @Test
  void bfloat16MatricesSumIntoFloat32() {
    var key =
        GemmKey.of(
            Matmul.dense(false, true, 1, 1, 2, 0), ElementType.BFLOAT16, ElementType.FLOAT32);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment a = aligned(arena, pair(1.5f, 2f));
      MemorySegment b = aligned(arena, pair(4f, -0.5f));
      MemorySegment c = aligned(arena, 100);
      blas.plan(key).run(1, a.address(), b.address(), 1, c.address());
      assertThat(c.get(ValueLayout.JAVA_FLOAT, 0)).isEqualTo(105);
    }
  }

  /** Two bfloat16 numbers in the place of one float32. */
  private static float pair(float first, float second) {
    int low = Float.floatToRawIntBits(first) >>> 16;
    return Float.intBitsToFloat(Float.floatToRawIntBits(second) & 0xffff0000 | low);
  }

  private static MemorySegment aligned(Arena arena, float... values) {
    return arena.allocate(4L * values.length, 256).copyFrom(MemorySegment.ofArray(values));
  }

  @Test
  void aShapeIsDescribedOnceAndTakesTheFirstSuggestionThatIsGood() {
    GemmKey key = square(2);
    GemmPlan plan = blas.plan(key);
    assertThat(blas.plan(square(2))).isSameAs(plan);
    assertThat(plan.key()).isEqualTo(key);
    runOnZeros(plan, 2);
    assertThat(CudaDouble.log())
        .containsExactly(
            "suggest 8 workspace 33554432 reductions 2", String.format(Locale.ROOT, PRODUCT, 1));
  }

  @Test
  void tuningTakesTheFastestAndTheTableRemembersItForTheNextTime() throws IOException {
    GemmPlan plan = blas.plan(square(2));
    try (Arena arena = Arena.ofConfined()) {
      long matrix = arena.allocate(16, 256).address();
      assertThat(plan.tune(matrix, matrix, arena.allocate(16, 256).address(), 2)).isEqualTo(1f);
    }
    runOnZeros(plan, 2);
    assertThat(CudaDouble.log()).last().isEqualTo(String.format(Locale.ROOT, PRODUCT, 2));
    Path file = folder.resolve("gemm.txt");
    table.save(file);

    var loaded = new GemmTable("13.0.2", "a GPU");
    loaded.load(file);
    CudaDouble.install();
    try (CublasLt again = CublasLt.create(stream, loaded)) {
      runOnZeros(again.plan(square(2)), 2);
    }
    assertThat(CudaDouble.log()).containsExactly(String.format(Locale.ROOT, PRODUCT, 2));
  }

  @Test
  void anAlgorithmThatIsNoLongerTakenIsReplacedByASuggestion() {
    byte[] unknown = new byte[64];
    unknown[0] = 77;
    table.put(square(3), unknown);
    runOnZeros(blas.plan(square(3)), 3);
    assertThat(CudaDouble.log()).last().isEqualTo(String.format(Locale.ROOT, PRODUCT, 1));
  }

  @Test
  void aTableOfAnotherVersionOrGpuHasNothingToSayAndADamagedOneIsNamed() throws IOException {
    table.put(square(2), new byte[64]);
    Path file = folder.resolve("gemm.txt");
    table.save(file);
    assertThat(Files.readAllLines(file))
        .containsExactly(
            "cuBLASLt 13.0.2 on a GPU",
            "false false 2 2 2 2 2 2 FLOAT32 FLOAT32 1 0 0 0 = " + "00".repeat(64));
    var other = new GemmTable("13.1.0", "a GPU");
    other.load(file);
    other.load(folder.resolve("absent.txt"));
    assertThat(other.size()).isZero();
    for (String bad : List.of("nonsense", "false false 2 = 00", square(2).line() + " = 0g")) {
      Files.write(file, List.of("cuBLASLt 13.1.0 on a GPU", bad));
      assertThatThrownBy(() -> other.load(file))
          .isInstanceOf(IOException.class)
          .hasMessage("%s is damaged, delete it: it has the line %s", file, bad);
    }
  }

  @Test
  void aKeyIsTheSameAfterALineOfText() {
    var key =
        new GemmKey(
            new Matmul(true, false, 2, 3, 4, 1, 5, 6, 0, 7),
            ElementType.BFLOAT16,
            ElementType.FLOAT32,
            8,
            9,
            10,
            11);
    assertThat(GemmKey.parse(key.line())).isEqualTo(key);
  }

  @Test
  void shapesThatCannotBeAreRefused() {
    assertThatThrownBy(() -> square(0)).hasMessageContaining("m, n, k and batch must be at least");
    assertThatThrownBy(() ->
            new GemmKey(
                new Matmul(true, false, 4, 3, 2, 1, 3, 3, 0, 3),
                ElementType.FLOAT32,
                ElementType.FLOAT32,
                1,
                0,
                0,
                0))
        .hasMessageStartingWith("a leading dimension is smaller than a row: lda=3");
  }

  @Test
  void aFailureIsNamedAndNothingIsLost() {
    long before = CudaDouble.live();
    for (int after = 0; after < 3; after++) {
      CudaDouble.fail("cublasLtMatrixLayoutCreate", 15, after);
      assertThatThrownBy(() -> blas.plan(square(2)))
          .hasMessage(
              "cublasLtMatrixLayoutCreate failed with CUBLAS_STATUS_NOT_SUPPORTED (15): not"
                  + " supported");
      assertThat(CudaDouble.live()).isEqualTo(before);
    }
    assertThatThrownBy(() -> blas.plan(square(666)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("cuBLASLt has no algorithm for GemmKey[");
    assertThat(CudaDouble.live()).isEqualTo(before);
    GemmPlan plan = blas.plan(square(2));
    CudaDouble.fail("cublasLtMatmul", 15);
    assertThatThrownBy(() -> runOnZeros(plan, 2)).hasMessageStartingWith("cublasLtMatmul failed");
    CudaDouble.fail("cublasLtCreate", 15);
    long withPlan = CudaDouble.live();
    assertThatThrownBy(() -> CublasLt.create(stream, table)).isInstanceOf(CudaException.class);
    assertThat(CudaDouble.live()).isEqualTo(withPlan);
  }

  @Test
  void anAddressThatIsNotAlignedIsRefused() {
    GemmPlan plan = blas.plan(square(2));
    assertThatThrownBy(() -> plan.run(1, 256, 512, 0, 528))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("addresses must be multiples of 256: a=0x100, b=0x200, c=0x210");
  }

  private static GemmKey square(int n) {
    return GemmKey.of(
        Matmul.dense(false, false, n, n, n, 0), ElementType.FLOAT32, ElementType.FLOAT32);
  }

  private static void runOnZeros(GemmPlan plan, int n) {
    try (Arena arena = Arena.ofConfined()) {
      long bytes = 4L * n * n;
      plan.run(
          1,
          arena.allocate(bytes, 256).address(),
          arena.allocate(bytes, 256).address(),
          0,
          arena.allocate(bytes, 256).address());
    }
  }
}
