package dev.tiebreak.tests.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.bindings.cuda.Arguments.Kind;
import dev.tiebreak.bindings.cuda.CudaFunction;
import dev.tiebreak.bindings.cuda.DeviceBuffer;
import dev.tiebreak.bindings.cuda.Nvrtc;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the simulated CUDA refuses to launch, compile or forget. */
@NeedsSimulatedCuda
class LaunchRulesTest {
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

  @Test
  void tooMuchSharedMemoryIsRefused() {
    CudaFunction kernel =
        gpu.kernel(kernel("", "extern __shared__ float s[]; s[threadIdx.x] = 1;"));
    assertThatThrownBy(() -> kernel.launch(gpu.stream, 1, 1, (48 << 10) + 1, kernel.arguments()))
        .hasMessageContaining("CUDA_ERROR_INVALID_VALUE");
    assertThat(SimulatedCuda.report())
        .isEqualTo("k launched with 49153 bytes of shared memory, but allowed are 49152");
    kernel.allowSharedBytes(227 << 10);
    kernel.launch(gpu.stream, 1, 1, 227 << 10, kernel.arguments());
    assertThatThrownBy(() -> kernel.allowSharedBytes((227 << 10) + 1))
        .hasMessageContaining("CUDA_ERROR_INVALID_VALUE");
    gpu.stream.synchronize();
    SimulatedCuda.install();
    SimulatedCuda.expectReports();
    gpu.launch(
        kernel(
            "float* y",
            """
            __shared__ float s[12289];
            for (int i = 0; i < 12289; i++) s[i] = i;
            for (int i = 0; i < 12289; i++) y[0] = s[i];\
            """),
        1,
        1,
        0,
        gpu.buffer(4).address());
    assertThatThrownBy(gpu.stream::synchronize).hasMessageContaining("CUDA_ERROR_INVALID_VALUE");
    assertThat(SimulatedCuda.report())
        .isEqualTo("k has 49156 bytes of shared memory, more than 49152");
  }

  @Test
  void launchesBeyondTheLimitsAreRefused() {
    CudaFunction kernel = gpu.kernel(kernel("", ""));
    assertRefused(kernel, 0, 1, 1, "k launched with nothing: grid (0,1,1), block (1,1,1)");
    assertRefused(
        kernel, 1, 1, 1025, "k launched beyond the limits: grid (1,1,1), block (1025,1,1)");
    assertRefused(
        kernel, 1, 65536, 1, "k launched beyond the limits: grid (1,65536,1), block (1,1,1)");
    CudaFunction small =
        gpu.kernel("extern \"C\" __global__ void __launch_bounds__(64, 2) k() {}\n");
    assertRefused(small, 1, 1, 65, "k has __launch_bounds__(64), but its block is of 65");
  }

  private void assertRefused(CudaFunction kernel, int x, int y, int block, String report) {
    SimulatedCuda.install();
    SimulatedCuda.expectReports();
    assertThatThrownBy(() -> kernel.launch(gpu.stream, x, y, 1, block, 1, 1, 0, kernel.arguments()))
        .hasMessageContaining("cuLaunchKernel of k failed");
    assertThat(SimulatedCuda.report()).isEqualTo(report);
  }

  @Test
  void argumentsAreThoseOfTheKernel() {
    CudaFunction kernel =
        gpu.kernel(kernel("float* y, long long n, int i, float x", "y[n] = i + x;"));
    DeviceBuffer buffer = gpu.of(0, 0, 0);
    kernel.launch(
        gpu.stream,
        1,
        1,
        0,
        kernel
            .arguments(Kind.POINTER, Kind.LONG, Kind.INT, Kind.FLOAT)
            .pointer(0, buffer.address())
            .longInteger(1, 2)
            .integer(2, -7)
            .real(3, 0.5f));
    assertThat(gpu.floats(buffer)).containsExactly(0, 0, -6.5f);
    assertThatThrownBy(() -> kernel.arguments(Kind.POINTER, Kind.INT))
        .hasMessage("parameter 1 of k has 8 bytes, but INT has 4");
    assertThatThrownBy(() -> kernel.arguments(Kind.POINTER))
        .hasMessageContaining("more parameters");
  }

  @Test
  void whatIsNotInTheLanguageDoesNotCompile() {
    String text = kernel("float* y", "\natomicAdd(y, 1.0f);");
    assertThatThrownBy(() -> gpu.kernel(text))
        .hasMessageContaining("nvrtcCompileProgram of k.cu")
        .hasMessageContaining("k.cu:3:1: error:")
        .hasMessageContaining("atomicAdd");
    assertThatThrownBy(() -> Nvrtc.load().compile("k.cu", "", List.of("--use_fast_math")))
        .hasMessageContaining("NVRTC_ERROR_INVALID_OPTION")
        .hasMessageContaining("unknown option --use_fast_math");
    assertThatThrownBy(() -> gpu.kernel("")).hasMessageContaining("CUDA_ERROR_NOT_FOUND");
  }

  @Test
  void whatIsNotGivenBackIsListed() {
    DeviceBuffer buffer = DeviceBuffer.allocate(12);
    assertThat(SimulatedCuda.leaks()).contains("device memory of 12 bytes", "stream");
    assertThat(gpu.cuda.openResources()).isPositive();
    buffer.close();
    assertThat(SimulatedCuda.leaks()).containsExactly("stream");
  }
}
