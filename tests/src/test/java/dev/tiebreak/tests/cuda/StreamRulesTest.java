package dev.tiebreak.tests.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.bindings.Matmul;
import dev.tiebreak.bindings.cuda.CublasLt;
import dev.tiebreak.bindings.cuda.CudaGraph;
import dev.tiebreak.bindings.cuda.DeviceBuffer;
import dev.tiebreak.bindings.cuda.ElementType;
import dev.tiebreak.bindings.cuda.Event;
import dev.tiebreak.bindings.cuda.GemmKey;
import dev.tiebreak.bindings.cuda.GemmPlan;
import dev.tiebreak.bindings.cuda.GemmTable;
import dev.tiebreak.bindings.cuda.PinnedBuffer;
import dev.tiebreak.bindings.cuda.Stream;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In the simulated CUDA work waits until somebody waits for it, and graphs hold work back. */
@NeedsSimulatedCuda
class StreamRulesTest {
  private static final String ADD_ONE =
      "extern \"C\" __global__ void k(float* y) { y[threadIdx.x] += 1; }\n";

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

  @Test
  void aResultThatIsReadTooEarlyIsNotThereYet() {
    DeviceBuffer y = gpu.of(41);
    PinnedBuffer host = gpu.keep(PinnedBuffer.allocate(4));
    gpu.launch(ADD_ONE, 1, 1, 0, y.address());
    gpu.stream.copyOut(host.segment(), y.address());
    assertThat(host.segment().get(ValueLayout.JAVA_FLOAT, 0)).isNaN();
    gpu.stream.synchronize();
    assertThat(host.segment().get(ValueLayout.JAVA_FLOAT, 0)).isEqualTo(42);
  }

  @Test
  void pinnedMemoryIsReadWhenTheCopyRunsAndOtherMemoryAtOnce() {
    DeviceBuffer y = gpu.buffer(4);
    PinnedBuffer host = gpu.keep(PinnedBuffer.allocate(4));
    host.segment().set(ValueLayout.JAVA_FLOAT, 0, 1);
    gpu.stream.copyIn(y.address(), host.segment());
    host.segment().set(ValueLayout.JAVA_FLOAT, 0, 2);
    assertThat(gpu.floats(y)).containsExactly(2);
  }

  @Test
  void anotherStreamRunsFirstWhereItsEventIsWaitedFor() {
    Stream other = gpu.keep(Stream.create());
    Event event = gpu.keep(Event.create());
    DeviceBuffer y = gpu.of(1);
    PinnedBuffer host = gpu.keep(PinnedBuffer.allocate(4));
    gpu.launch(ADD_ONE, 1, 1, 0, y.address());
    event.record(gpu.stream);
    assertThat(event.isDone()).isFalse();
    other.await(event);
    other.copyOut(host.segment(), y.address());
    other.synchronize();
    assertThat(host.segment().get(ValueLayout.JAVA_FLOAT, 0)).isEqualTo(2);
    assertThat(event.isDone()).isTrue();
  }

  @Test
  void copiesStayInsideOfTheirMemory() {
    DeviceBuffer y = gpu.buffer(8);
    PinnedBuffer host = gpu.keep(PinnedBuffer.allocate(12));
    assertThatThrownBy(() -> gpu.stream.copyIn(y.address(), host.segment()))
        .hasMessageContaining("CUDA_ERROR_INVALID_VALUE");
    assertThat(SimulatedCuda.report())
        .matches(
            "cuMemcpyHtoDAsync_v2: 12 bytes at 0x[0-9a-f]+, of 12 bytes at 0 in an allocation of"
                + " 8 bytes");
    assertThatThrownBy(() -> gpu.stream.copy(y.address(), y.address() + 4, 4 + 1))
        .hasMessageContaining("CUDA_ERROR_INVALID_VALUE");
    assertThatThrownBy(() -> gpu.stream.zero(host.segment().address(), 4))
        .hasMessageContaining("CUDA_ERROR_INVALID_VALUE");
  }

  @Test
  void aGraphHoldsLaunchesCopiesAndProductsAndRunsThemAgain() {
    CublasLt blas = gpu.keep(CublasLt.create(gpu.stream, new GemmTable("", "")));
    GemmPlan square =
        blas.plan(
            GemmKey.of(
                Matmul.dense(false, false, 1, 1, 1, 0), ElementType.FLOAT32, ElementType.FLOAT32));
    DeviceBuffer y = gpu.of(2);
    DeviceBuffer z = gpu.of(0);
    gpu.kernel(ADD_ONE);
    long before = SimulatedCuda.launches();
    CudaGraph graph =
        gpu.keep(
            CudaGraph.capture(
                gpu.stream,
                () -> {
                  gpu.launch(ADD_ONE, 1, 1, 0, y.address());
                  square.run(1, y.address(), y.address(), 0, z.address());
                  gpu.stream.copy(y.address(), z.address(), 4);
                }));
    assertThat(SimulatedCuda.launches()).isEqualTo(before + 1);
    assertThat(gpu.floats(y)).containsExactly(2);
    graph.launch(gpu.stream);
    assertThat(gpu.floats(y)).containsExactly(9);
    graph.launch(gpu.stream);
    assertThat(gpu.floats(y)).containsExactly(100);
  }

  @Test
  void whatACaptureForbidsIsRefusedAndEndsIt() {
    String unsupported = "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED (900)";
    assertForbidden(unsupported, () -> DeviceBuffer.allocate(8));
    assertForbidden(unsupported, gpu.stream::synchronize);
    assertForbidden(unsupported, gpu.cuda::synchronize);
    assertForbidden(unsupported, gpu.stream::isDone);
    assertForbidden(unsupported, () -> PinnedBuffer.allocate(8));
    assertForbidden(
        "CUDA_ERROR_STREAM_CAPTURE_ISOLATION (905)",
        () -> {
          Event event = gpu.keep(Event.create());
          event.record(gpu.keep(Stream.create()));
          gpu.stream.await(event);
        });
    DeviceBuffer late = gpu.buffer(8);
    DeviceBuffer y = gpu.buffer(8);
    assertForbidden(
        unsupported,
        () -> {
          late.close();
          gpu.stream.zero(y.address(), 8);
        });
  }

  private void assertForbidden(String code, Runnable work) {
    assertThatThrownBy(() ->
            CudaGraph.capture(
                gpu.stream,
                () -> {
                  assertThatThrownBy(work::run).hasMessageContaining(code);
                }))
        .hasMessageContaining("CUDA_ERROR_STREAM_CAPTURE_INVALIDATED (901)");
  }

  @Test
  void aStreamThatJoinsACaptureMustComeBack() {
    Stream other = gpu.keep(Stream.create());
    Event fork = gpu.keep(Event.create());
    Event join = gpu.keep(Event.create());
    DeviceBuffer y = gpu.of(5);
    Runnable away =
        () -> {
          fork.record(gpu.stream);
          other.await(fork);
          other.zero(y.address(), 4);
          join.record(other);
        };
    assertThatThrownBy(() -> CudaGraph.capture(gpu.stream, away))
        .hasMessageContaining("CUDA_ERROR_STREAM_CAPTURE_UNJOINED (904)");
    CudaGraph graph =
        gpu.keep(
            CudaGraph.capture(
                gpu.stream,
                () -> {
                  away.run();
                  gpu.stream.await(join);
                }));
    assertThat(gpu.floats(y)).containsExactly(5);
    graph.launch(gpu.stream);
    assertThat(gpu.floats(y)).containsExactly(0);
  }

  @Test
  void memoryRunsOutWhereItIsLimited() {
    long used = SimulatedCuda.memoryUsed();
    SimulatedCuda.limitMemory(used + 1000);
    assertThat(gpu.cuda.freeBytes()).isEqualTo(1000);
    gpu.buffer(600);
    assertThat(gpu.cuda.freeBytes()).isEqualTo(400);
    assertThatThrownBy(() -> DeviceBuffer.allocate(401))
        .hasMessage(
            "cuMemAlloc_v2 of 401 bytes failed with CUDA_ERROR_OUT_OF_MEMORY (2): out of memory");
    gpu.buffer(400);
  }

  @Test
  void callsAndRunsOfKernelsFailWhenTheyAreToldTo() {
    DeviceBuffer y = gpu.of(1);
    SimulatedCuda.fail("cuLaunchKernel", 701, 1);
    gpu.launch(ADD_ONE, 1, 1, 0, y.address());
    assertThatThrownBy(() -> gpu.launch(ADD_ONE, 1, 1, 0, y.address()))
        .hasMessageContaining("CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES (701)");
    SimulatedCuda.fail("k", 719);
    gpu.launch(ADD_ONE, 1, 1, 0, y.address());
    assertThatThrownBy(gpu.stream::synchronize)
        .hasMessageContaining("CUDA_ERROR_LAUNCH_FAILED (719)");
  }

  @Test
  void whatIsCountedIsCounted() {
    SimulatedCuda.install();
    DeviceBuffer y = gpu.of(1);
    gpu.run(ADD_ONE, 1, 1, 0, y.address());
    assertThat(SimulatedCuda.launches()).isEqualTo(1);
    assertThat(SimulatedCuda.allocations()).isEqualTo(1);
    assertThat(SimulatedCuda.synchronizations()).isEqualTo(1);
  }
}
