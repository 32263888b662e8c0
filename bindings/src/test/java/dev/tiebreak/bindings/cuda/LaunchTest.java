package dev.tiebreak.bindings.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.bindings.cuda.Arguments.Kind;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Modules, functions, arguments, launches and graphs. */
@NeedsCudaDouble
class LaunchTest {
  private static final byte[] CUBIN =
      "cubin\nkernel scale 8 4 4 8\nkernel nothing\n".getBytes(StandardCharsets.US_ASCII);

  private Cuda cuda;
  private CudaModule module;
  private Stream stream;
  private long live;

  @BeforeEach
  void loadTheModule() {
    cuda = CudaDouble.open();
    live = CudaDouble.live();
    module = CudaModule.load("test.cu", CUBIN);
    stream = Stream.create();
    CudaDouble.install();
  }

  @AfterEach
  void everythingIsGivenBack() {
    stream.close();
    module.close();
    assertThat(CudaDouble.live()).isEqualTo(live);
    assertThat(cuda.openResources()).isZero();
    cuda.close();
  }

  private Arguments scaleArguments(CudaFunction scale) {
    return scale.arguments(Kind.POINTER, Kind.INT, Kind.FLOAT, Kind.LONG);
  }

  @Test
  void theDriverGetsTheValuesThatWereWritten() {
    CudaFunction scale = module.function("scale");
    Arguments arguments = scaleArguments(scale);
    arguments.pointer(0, 0x1122334455667788L).integer(1, -5).real(2, 0.5f).longInteger(3, 1L << 40);
    scale.launch(stream, 1, 2, 3, 32, 4, 2, 1024, arguments);
    assertThat(CudaDouble.log()).containsExactly("launch scale 1,2,3 32,4,2 1024");
    MemorySegment values = CudaDouble.launched();
    assertThat(values.byteSize()).isEqualTo(24);
    assertThat(values.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(0x1122334455667788L);
    assertThat(values.get(ValueLayout.JAVA_INT, 8)).isEqualTo(-5);
    assertThat(values.get(ValueLayout.JAVA_FLOAT, 12)).isEqualTo(0.5f);
    assertThat(values.get(ValueLayout.JAVA_LONG, 16)).isEqualTo(1L << 40);

    arguments.integer(1, 6);
    scale.launch(stream, 10, 256, 0, arguments);
    assertThat(CudaDouble.log().getLast()).isEqualTo("launch scale 10,1,1 256,1,1 0");
    assertThat(CudaDouble.launched().get(ValueLayout.JAVA_INT, 8)).isEqualTo(6);
    assertThat(CudaDouble.launched().get(ValueLayout.JAVA_FLOAT, 12)).isEqualTo(0.5f);
  }

  @Test
  void valuesLieEightBytesApartWithAPointerToEach() {
    MemorySegment pointers = scaleArguments(module.function("scale")).pointers();
    assertThat(pointers.byteSize()).isEqualTo(32);
    long[] addresses = pointers.toArray(ValueLayout.JAVA_LONG);
    assertThat(addresses[0]).isEqualTo(pointers.address() - 32);
    for (int i = 1; i < 4; i++) {
      assertThat(addresses[i]).isEqualTo(addresses[i - 1] + 8);
    }
  }

  @Test
  void aKernelWithoutParametersNeedsNoArguments() {
    CudaFunction nothing = module.function("nothing");
    nothing.launch(stream, 1, 1, 0, nothing.arguments());
    assertThat(CudaDouble.launched().byteSize()).isZero();
  }

  @Test
  void argumentsThatAreNotTheKernelsAreRefused() {
    CudaFunction scale = module.function("scale");
    assertThatThrownBy(() -> scale.arguments(Kind.POINTER, Kind.INT, Kind.FLOAT))
        .hasMessage("scale has more parameters than the 3 given");
    assertThatThrownBy(
            () -> scale.arguments(Kind.POINTER, Kind.INT, Kind.FLOAT, Kind.LONG, Kind.INT))
        .hasMessage("scale has fewer parameters than the 5 given");
    assertThatThrownBy(() -> scale.arguments(Kind.POINTER, Kind.LONG, Kind.FLOAT, Kind.LONG))
        .hasMessage("parameter 1 of scale has 4 bytes, but LONG has 8");
    assertThatThrownBy(() -> scaleArguments(scale).integer(0, 1))
        .hasMessage("argument 0 is a POINTER, not a INT");
  }

  @Test
  void aFailedLaunchNamesTheKernel() {
    CudaFunction scale = module.function("scale");
    Arguments arguments = scaleArguments(scale);
    CudaDouble.fail("cuLaunchKernel", 1);
    assertThatThrownBy(() -> scale.launch(stream, 1, 1, 0, arguments))
        .hasMessage(
            "cuLaunchKernel of scale failed with CUDA_ERROR_INVALID_VALUE (1): invalid argument");
  }

  @Test
  void inSyncModeAFailureInsideAKernelNamesIt() {
    System.setProperty("tiebreak.cuda.sync", "true");
    try {
      CudaFunction scale = module.function("scale");
      Arguments arguments = scaleArguments(scale);
      CudaDouble.fail("cuStreamSynchronize", 719);
      assertThatThrownBy(() -> scale.launch(stream, 1, 1, 0, arguments))
          .hasMessageStartingWith("cuLaunchKernel of scale failed with CUDA_ERROR_LAUNCH_FAILED");
    } finally {
      System.clearProperty("tiebreak.cuda.sync");
    }
  }

  @Test
  void aKernelThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> module.function("absent"))
        .hasMessageStartingWith("cuModuleGetFunction of absent failed with");
  }

  @Test
  void aFunctionSaysWhatItUsesAndCanBeAllowedMore() {
    CudaFunction scale = module.function("scale");
    assertThat(scale.registers()).isEqualTo(40);
    assertThat(scale.localBytes()).isEqualTo(30);
    scale.allowSharedBytes(100_000);
    assertThat(CudaDouble.log()).containsExactly("scale attribute 8 = 100000");
  }

  @Test
  void aFunctionOfAClosedModuleCannotBeLaunched() {
    CudaModule other = CudaModule.load("other.cu", CUBIN);
    CudaFunction nothing = other.function("nothing");
    Arguments none = nothing.arguments();
    other.close();
    assertThatThrownBy(() -> nothing.launch(stream, 1, 1, 0, none))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the module other.cu is closed");
  }

  @Test
  void aGraphReplaysWhatWasCaptured() {
    CudaFunction nothing = module.function("nothing");
    Arguments none = nothing.arguments();
    Runnable work =
        () -> {
          nothing.launch(stream, 1, 1, 0, none);
          nothing.launch(stream, 2, 1, 0, none);
        };
    try (CudaGraph graph = CudaGraph.capture(stream, work)) {
      graph.launch(stream);
      graph.launch(stream);
    }
    assertThat(CudaDouble.log())
        .containsExactly(
            "capture mode 1",
            "launch nothing 1,1,1 1,1,1 0",
            "launch nothing 2,1,1 1,1,1 0",
            "replay 2",
            "replay 2");
  }

  @Test
  void workThatFailsEndsTheCapture() {
    assertThatThrownBy(() ->
            CudaGraph.capture(
                stream,
                () -> {
                  throw new ArithmeticException("the work's own");
                }))
        .hasMessage("the work's own");
    CudaDouble.fail("cuGraphInstantiateWithFlags", 1);
    assertThatThrownBy(() -> CudaGraph.capture(stream, () -> {}))
        .hasMessageStartingWith("cuGraphInstantiateWithFlags failed");
    CudaDouble.fail("cuStreamEndCapture", 1);
    assertThatThrownBy(() -> CudaGraph.capture(stream, () -> {}))
        .hasMessageStartingWith("cuStreamEndCapture failed");
  }
}
