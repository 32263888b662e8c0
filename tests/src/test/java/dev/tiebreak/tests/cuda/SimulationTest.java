package dev.tiebreak.tests.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.bindings.cuda.DeviceBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The simulated CUDA finds each kind of fault, by kernel, block, thread and line. */
@NeedsSimulatedCuda
class SimulationTest {
  private static final String ILLEGAL = "CUDA_ERROR_ILLEGAL_ADDRESS (700)";
  private static final String FAILED = "CUDA_ERROR_LAUNCH_FAILED (719)";

  private Kernels gpu;

  @BeforeEach
  void open() {
    gpu = Kernels.open();
    SimulatedCuda.expectReports();
  }

  @AfterEach
  void close() {
    SimulatedCuda.install(); // so that what failed does not fail again
    gpu.close();
    assertThat(SimulatedCuda.leaks()).isEmpty();
  }

  private static String kernel(String parameters, String body) {
    return "extern \"C\" __global__ void k(" + parameters + ") {\n" + body + "\n}\n";
  }

  /** The kernel fails with this code, and the report says this. */
  private void assertFault(
      String code, String report, String text, int grid, int block, int shared, long... addresses) {
    gpu.launch(text, grid, block, shared, addresses);
    assertThatThrownBy(() -> gpu.stream.synchronize()).hasMessageContaining(code);
    assertThat(SimulatedCuda.report()).matches(report);
    assertThatThrownBy(() -> gpu.cuda.synchronize()) // as in CUDA, the context is lost
        .hasMessageContaining(code);
  }

  @Test
  void aReadPastTheEndIsNamed() {
    String text = kernel("float* y", "y[threadIdx.x] = y[threadIdx.x + 254];");
    assertFault(
        ILLEGAL,
        "k, block \\(0,0,0\\), thread \\(2,0,0\\) \\(k.cu:2\\): read of 4 bytes at 0x[0-9a-f]+,"
            + " 0 bytes past the end of an allocation of 1024 bytes",
        text,
        1,
        3,
        0,
        gpu.buffer(1024).address());
  }

  @Test
  void aWriteBeforeTheBeginAndOneToOtherMemoryAreNamed() {
    String text = kernel("float* y", "y[blockIdx.x] = 1;");
    assertFault(
        ILLEGAL,
        "k, block \\(0,0,0\\), thread \\(0,0,0\\) \\(k.cu:2\\): write of 4 bytes at 0x[0-9a-f]+,"
            + " 8 bytes before an allocation of 100 bytes",
        text,
        1,
        1,
        0,
        gpu.buffer(100).address() - 8);
  }

  @Test
  void memoryOfTheHostIsNoMemoryOfTheDevice() {
    assertFault(
        ILLEGAL,
        ".*: write of 4 bytes at 0x10, which is no memory of the device",
        kernel("float* y", "y[4] = 1;"),
        1,
        1,
        0,
        0);
  }

  @Test
  void useAfterFreeIsNamed() {
    DeviceBuffer buffer = DeviceBuffer.allocate(64);
    long address = buffer.address();
    buffer.close();
    assertFault(
        ILLEGAL,
        ".*: read of 4 bytes at 0x[0-9a-f]+, at 16 in a freed allocation of 64 bytes",
        kernel("float* y", "store_pack(y, load_pack(y + 4));"),
        1,
        1,
        0,
        address);
  }

  @Test
  void aPackThatIsNotAlignedIsNamed() {
    assertFault(
        "CUDA_ERROR_MISALIGNED_ADDRESS (716)",
        "k, block \\(0,0,0\\), thread \\(1,0,0\\).*: an access of 16 bytes at 0x[0-9a-f]+, which is"
            + " no multiple of 16",
        kernel("float* y", "float sum = load_pack(y + threadIdx.x).v[0]; y[threadIdx.x] = sum;"),
        1,
        2,
        0,
        gpu.buffer(64).address());
  }

  @Test
  void aBarrierThatNotAllThreadsReachIsNamed() {
    assertFault(
        FAILED,
        "divergence in k, block \\(0,0,0\\): thread \\(0,0,0\\) waits at the barrier in line 2, but"
            + " thread \\(33,0,0\\) has ended",
        kernel("float* y", "if (threadIdx.x < 33) __syncthreads();\ny[threadIdx.x] = 1;"),
        1,
        64,
        0,
        gpu.buffer(256).address());
  }

  @Test
  void threadsAtTwoBarriersAreNamed() {
    assertFault(
        FAILED,
        "divergence in k, block \\(0,0,0\\): thread \\(0,0,0\\) waits at the barrier in line 2, but"
            + " thread \\(16,0,0\\) waits at the shuffle in line 3",
        kernel(
            "float* y",
            """
            if (threadIdx.x < 16) __syncthreads();
            else y[threadIdx.x] = __shfl_xor_sync(0xffffffffu, y[threadIdx.x], 1);\
            """),
        1,
        32,
        0,
        gpu.buffer(256).address());
  }

  @Test
  void aShuffleOfPartOfAWarpIsRefused() {
    assertFault(
        FAILED,
        ".*: a shuffle needs the full mask and a warp of 32 threads",
        kernel("float* y", "y[threadIdx.x] = warp_sum(1.0f);"),
        1,
        48,
        0,
        gpu.buffer(256).address());
  }

  @Test
  void aRaceInSharedMemoryIsNamed() {
    assertFault(
        FAILED,
        "k, block \\(0,0,0\\), thread \\(1,0,0\\) \\(k.cu:4\\): race in shared memory at 0x[0-9a-f]+:"
            + " read after it was written by thread 0 with no barrier between",
        kernel(
            "float* y",
            """
            __shared__ float s[32];
            s[threadIdx.x] = 1;
            y[threadIdx.x] = s[0];\
            """),
        1,
        32,
        0,
        gpu.buffer(128).address());
  }

  @Test
  void aRaceInDynamicSharedMemoryIsNamedAndABarrierEndsIt() {
    String good =
        kernel(
            "float* y",
            """
            extern __shared__ __align__(16) unsigned char bytes[];
            float* s = (float*)bytes;
            s[threadIdx.x] = threadIdx.x;
            __syncthreads();
            y[threadIdx.x] = s[31 - threadIdx.x];\
            """);
    DeviceBuffer buffer = gpu.buffer(128);
    gpu.run(good, 1, 32, 128, buffer.address());
    assertThat(gpu.floats(buffer)).startsWith(31, 30).endsWith(1, 0);
    assertFault(
        FAILED,
        ".*race in shared memory.*: written after it was read by more than one thread with no barrier between",
        kernel(
            "float* y",
            """
            extern __shared__ float s[];
            y[threadIdx.x] = s[1];
            if (threadIdx.x == 1) s[1] = 2;\
            """),
        1,
        32,
        128,
        buffer.address());
  }

  @Test
  void aRaceOfTwoThreadsInGlobalMemoryIsNamed() {
    assertFault(
        FAILED,
        ".*race in global memory.*: written after it was by thread 0 with no barrier between",
        kernel("float* y", "y[0] = threadIdx.x;"),
        1,
        2,
        0,
        gpu.buffer(4).address());
  }

  @Test
  void neighboursOfTwoBytesAreNoRace() {
    DeviceBuffer buffer = gpu.buffer(64);
    gpu.run(kernel("bf16* y", "assign(y[threadIdx.x], threadIdx.x);"), 1, 32, 0, buffer.address());
    assertThat(gpu.floats(buffer)[15]).isEqualTo(Float.intBitsToFloat(0x41f841f0)); // 30 and 31
  }

  @Test
  void racesOfTwoBlocksAreNamed() {
    assertFault(
        FAILED,
        "k, block \\(1,0,0\\).*race of blocks in global memory at 0x[0-9a-f]+, at 0 in an allocation"
            + " of 8 bytes: two blocks write it",
        kernel("float* y", "y[0] = 1;"),
        2,
        1,
        0,
        gpu.buffer(8).address());
  }

  @Test
  void aBlockThatReadsWhatAnotherWritesIsNamed() {
    assertFault(
        FAILED,
        "k, block \\(1,0,0\\).*race of blocks.*: one writes it, another reads it",
        kernel("float* y", "if (blockIdx.x == 0) y[0] = 1;\nelse y[1] = y[0];"),
        2,
        1,
        0,
        gpu.buffer(8).address());
  }

  @Test
  void aBlockThatWritesWhatAnotherReadIsNamed() {
    assertFault(
        FAILED,
        "k, block \\(2,0,0\\).*race of blocks.*: one reads it, another writes it",
        kernel("float* y", "if (blockIdx.x < 2) y[1 + blockIdx.x] = y[0];\nelse y[0] = 1;"),
        3,
        1,
        0,
        gpu.of(1, 2, 3).address());
  }

  @Test
  void accessesOutsideOfSharedMemoryAreNamed() {
    assertFault(
        ILLEGAL,
        ".*write of 4 bytes at 0x[0-9a-f]+, at 64 in a dynamic shared memory of 64 bytes",
        kernel("float* y", "extern __shared__ float s[];\ns[threadIdx.x] = 1;"),
        1,
        32,
        64,
        0);
  }

  @Test
  void aGlobalVariableIsNoMemoryToWriteTo() {
    assertFault(
        ILLEGAL,
        ".*write of 4 bytes at 0x[0-9a-f]+, which is no memory of the device",
        "__device__ int counter[2] = {1, 2};\n"
            + kernel("int* y", "counter[threadIdx.x] = 1; *y = counter[0];"),
        1,
        1,
        0,
        gpu.buffer(8).address());
  }

  @Test
  void whatWasNeverWrittenIsNotANumber() {
    DeviceBuffer buffer = gpu.buffer(12);
    gpu.run(
        kernel(
            "float* y",
            """
            __shared__ float s[4];
            extern __shared__ float d[];
            if (y == nullptr) s[1] = 1;
            y[0] = s[1];
            y[1] = d[2];\
            """),
        1,
        1,
        16,
        buffer.address());
    assertThat(gpu.floats(buffer)).containsOnly(Float.NaN);
  }

  @Test
  void constantsAndLocalArraysMayBeUsed() {
    DeviceBuffer buffer = gpu.buffer(16);
    gpu.run(
        "__constant__ float table[4] = {1, 2, 3, 4};\n"
            + kernel(
                "float* y",
                """
                float local[4];
                for (int i = 0; i < 4; i++) local[i ^ threadIdx.x] = table[i];
                y[threadIdx.x] = local[3 - threadIdx.x];\
                """),
        1,
        4,
        0,
        buffer.address());
    assertThat(gpu.floats(buffer)).containsExactly(4, 4, 4, 4);
  }
}
