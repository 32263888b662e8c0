package dev.tiebreak.tensor.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.bindings.cuda.Cuda;
import dev.tiebreak.bindings.cuda.Stream;
import dev.tiebreak.tensor.attention.CudnnAttention.Sizes;
import dev.tiebreak.tensor.cuda.KernelTimes;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What cuDNN is told, as the stand-in for it notes it, against the graphs that NVIDIA's
 * cudnn-frontend makes for the same attention.
 */
class CudnnAttentionTest {
  private static final Sizes SIZES = new Sizes(2, 3, 3, 4, 8);
  private static final Sizes GROUPED = new Sizes(2, 6, 3, 4, 8);
  private static final int NOT_SUPPORTED = 3000;

  private Cuda cuda;
  private Stream stream;
  private CudnnAttention attention;
  private long live;

  @BeforeEach
  void useTheDouble() {
    Assumptions.assumeTrue(CudnnDouble.available(), "needs a C compiler");
    CudnnDouble.install();
    cuda = Cuda.open(0);
    live = CudnnDouble.live();
    stream = Stream.create();
    attention = new CudnnAttention(stream, new KernelTimes(stream));
    CudnnDouble.install();
  }

  @AfterEach
  void everythingIsGivenBack() {
    if (attention != null) {
      attention.close();
      stream.close();
      assertThat(CudnnDouble.live()).isEqualTo(live);
      cuda.close();
    }
  }

  @Test
  void theForwardGraphIsTheOneThatEnginesKnow() {
    assertThat(attention.whyNotForward(SIZES)).isNull();
    assertThat(CudnnDouble.graph())
        .isEqualTo(
            """
            1: bf16 (2,3,4,8) by (288,8,72,1)
            2: bf16 (2,3,8,4) by (288,8,1,72)
            3: bf16 (2,3,4,8) by (288,8,72,1)
            4: bf16 (2,3,4,8) by (96,8,24,1)
            5: float (2,3,4,1) by (12,4,1,1)
            6: value float (1,1,1,1) by (1,1,1,1)
            7: value float (1,1,1,1) by (1,1,1,1)
            8: virtual float (2,3,4,4) by (48,16,4,1)
            MATMUL 1 2 -> 8
            9: virtual float (2,3,4,4) by (48,16,4,1)
            MUL 8 6 -> 9
            10: virtual int (2,3,4,4) by (48,16,4,1)
            GEN_INDEX.2 9 -> 10
            11: virtual int (2,3,4,4) by (48,16,4,1)
            GEN_INDEX.3 9 -> 11
            12: virtual boolean (2,3,4,4) by (48,16,4,1)
            CMP_GE(boolean) 10 11 -> 12
            13: virtual float (2,3,4,4) by (48,16,4,1)
            BINARY_SELECT 9 7 12 -> 13
            14: virtual float (2,3,4,1) by (12,4,1,1)
            REDUCE.MAX 13 -> 14
            15: virtual float (2,3,4,4) by (48,16,4,1)
            SUB 13 14 -> 15
            16: virtual float (2,3,4,4) by (48,16,4,1)
            EXP 15 -> 16
            17: virtual float (2,3,4,1) by (12,4,1,1)
            REDUCE.ADD 16 -> 17
            18: virtual float (2,3,4,1) by (12,4,1,1)
            LOG 17 -> 18
            ADD 14 18 -> 5
            19: virtual bf16 (2,3,4,4) by (48,16,4,1)
            DIV 16 17 -> 19
            MATMUL 19 3 -> 4
            """);
  }

  @Test
  void theBackwardGraphIsTheReproducibleOne() {
    assertThat(attention.whyNotBackward(SIZES)).isNull();
    assertThat(CudnnDouble.graph())
        .isEqualTo(
            """
            1: bf16 (2,3,4,8) by (288,8,72,1)
            2: bf16 (2,3,8,4) by (288,8,1,72)
            3: bf16 (2,3,8,4) by (288,8,1,72)
            4: bf16 (2,3,4,8) by (96,8,24,1)
            5: bf16 (2,3,4,8) by (96,8,24,1)
            6: float (2,3,4,1) by (12,4,1,1)
            7: bf16 (2,3,4,8) by (288,8,72,1)
            8: bf16 (2,3,4,8) by (288,8,72,1)
            9: bf16 (2,3,4,8) by (288,8,72,1)
            10: value float (1,1,1,1) by (1,1,1,1)
            11: value float (1,1,1,1) by (1,1,1,1)
            12: value float (1,1,1,1) by (1,1,1,1)
            13: virtual float (2,3,4,8) by (96,32,24,1)
            MUL 5 4 -> 13
            14: virtual float (2,3,4,1) by (12,4,1,1)
            REDUCE.ADD 13 -> 14
            15: float (2,3,4,1) by (12,4,1,1)
            MUL 14 12 -> 15
            16: virtual float (2,3,4,4) by (48,16,4,1)
            MATMUL 1 2 -> 16
            17: virtual float (2,3,4,4) by (48,16,4,1)
            MUL 16 10 -> 17
            18: virtual float (2,3,4,4) by (48,16,4,1)
            SUB 17 6 -> 18
            19: virtual int (2,3,4,4) by (48,16,4,1)
            GEN_INDEX.2 18 -> 19
            20: virtual int (2,3,4,4) by (48,16,4,1)
            GEN_INDEX.3 18 -> 20
            21: virtual boolean (2,3,4,4) by (48,16,4,1)
            CMP_GE(boolean) 19 20 -> 21
            22: virtual float (2,3,4,4) by (48,16,4,1)
            BINARY_SELECT 18 11 21 -> 22
            23: virtual float (2,3,4,4) by (48,16,4,1)
            EXP 22 -> 23
            24: virtual bf16 (2,3,4,4) by (48,16,1,4)
            RESHAPE 23 -> 24
            MATMUL 24 5 -> 9
            25: virtual float (2,3,4,4) by (48,16,4,1)
            MATMUL 5 3 -> 25
            26: virtual float (2,3,4,4) by (48,16,4,1)
            SUB 25 15 -> 26
            27: virtual float (2,3,4,4) by (48,16,4,1)
            MUL 26 23 -> 27
            28: virtual float (2,3,4,4) by (48,16,4,1)
            MUL 27 10 -> 28
            29: virtual bf16 (2,3,4,4) by (48,16,1,4)
            RESHAPE 28 -> 29
            MATMUL 29 1 -> 8
            30: virtual float (2,3,4,8) by (288,8,72,1)
            RESHAPE 2 -> 30
            MATMUL 28 30 -> 7
            """);
  }

  @Test
  void gradientsOfSharedKeysAreAddedUpOverTheHeadsThatShareThem() {
    assertThat(attention.whyNotForward(GROUPED)).isNull();
    assertThat(CudnnDouble.graph())
        .startsWith(
            """
            1: bf16 (2,6,4,8) by (384,8,96,1)
            2: bf16 (2,3,8,4) by (384,8,1,96)
            3: bf16 (2,3,4,8) by (384,8,96,1)
            4: bf16 (2,6,4,8) by (192,8,48,1)
            """);
    CudnnDouble.install();
    assertThat(attention.whyNotBackward(GROUPED)).isNull();
    assertThat(CudnnDouble.graph())
        .contains(
            """
            25: virtual bf16 (2,6,4,8) by (192,32,8,1)
            MATMUL 24 5 -> 25
            REDUCE.ADD 25 -> 9
            """)
        .contains(
            """
            31: virtual bf16 (2,6,4,8) by (192,32,8,1)
            MATMUL 30 1 -> 31
            REDUCE.ADD 31 -> 8
            """);
  }

  @Test
  void aRunIsBoundOnceAndThenOneCall() {
    attention.whyNotForward(SIZES);
    CudnnDouble.install();
    attention.forward(SIZES, 4096, 8192, 256);
    List<String> first = CudnnDouble.log();
    assertThat(first).hasSize(2);
    // K is 3 heads of 8 elements of 2 bytes behind Q, V as far behind K; scores are scaled and
    // masked
    // by host values.
    assertThat(first.getFirst())
        .matches(
            "#\\d+ type 16 1000:1,2,3,4,5,6,7 1001:4096,4144,4192,8192,256,\\d+,\\d+ 1003:\\d+");
    CudnnDouble.install();
    attention.forward(SIZES, 4096, 8192, 256);
    assertThat(CudnnDouble.log()).containsExactly(first.getLast());
    attention.forward(SIZES, 4096, 8192, 512);
    assertThat(CudnnDouble.log()).hasSize(3);
  }

  @Test
  void aLargeBatchRunsBackwardInParts() {
    Sizes large = new Sizes(16, 16, 16, 2048, 128);
    assertThat(large.part().batch()).isEqualTo(8);
    assertThat(new Sizes(7, 16, 16, 4096, 128).part().batch()).isEqualTo(1);
    assertThat(new Sizes(2, 64, 8, 8192, 128).part().batch()).isEqualTo(1);
    attention.whyNotBackward(large);
    CudnnDouble.install();
    attention.backward(large, 1 << 20, 2 << 20, 3 << 20, 4 << 20, 5 << 20);
    List<String> log = CudnnDouble.log();
    assertThat(log).filteredOn(line -> line.startsWith("execute")).hasSize(2);
    long half = 8L * 2048 * 2048; // elements of a half of y
    List<String> packs = log.stream().filter(line -> line.contains(" type 16 ")).toList();
    assertThat(packs).hasSize(2);
    assertThat(packs.getLast())
        .contains(
            String.format(
                Locale.ROOT, ",%d,%d,", (1 << 20) + 6 * half, (1 << 20) + 6 * half + 4096))
        .contains(String.format(Locale.ROOT, ",%d,%d,", (2 << 20) + 2 * half, (3 << 20) + 2 * half))
        .contains(String.format(Locale.ROOT, ",%d,", (4 << 20) + 4L * 8 * 16 * 2048));
  }

  @Test
  void whatNoEngineTakesIsRefusedWithCuDnnsWords() {
    CudnnDouble.fail("cudnnBackendFinalize", NOT_SUPPORTED, 30);
    assertThat(attention.whyNotForward(SIZES)).contains("CUDNN_STATUS_NOT_SUPPORTED");
    CudnnDouble.install();
    assertThat(attention.whyNotForward(SIZES)).isNotNull();
    assertThat(CudnnDouble.log()).as("it is not tried again").isEmpty();
    assertThatThrownBy(() -> attention.forward(SIZES, 4096, 8192, 256))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cuDNN cannot run this attention");
  }

  @Test
  void keysInFloatAreTriedFirstAndKeysAsTheyAreNext() {
    CudnnDouble.fail("cudnnBackendFinalize", NOT_SUPPORTED, 60);
    assertThat(attention.whyNotBackward(SIZES)).isNull();
    assertThat(CudnnDouble.graph())
        .endsWith(
            """
            30: virtual bf16 (2,3,4,8) by (288,8,72,1)
            RESHAPE 2 -> 30
            MATMUL 28 30 -> 7
            """);
  }

  @Test
  void headsThatNoEngineTakesAreNotTried() {
    assertThat(attention.whyNotForward(new Sizes(1, 1, 1, 8, 12))).contains("no multiple of 8");
    assertThat(attention.whyNotForward(new Sizes(1, 1, 1, 8, 136))).contains("up to 128");
    assertThat(attention.whyNotForward(new Sizes(1, 1, 1, 1, 64))).contains("one position");
    assertThat(CudnnDouble.log()).isEmpty();
  }
}
