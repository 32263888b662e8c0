package dev.tiebreak.tests.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.bindings.cuda.CudaException;
import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.CudaBackend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.OutOfTensorMemoryException;
import dev.tiebreak.tensor.Readback;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Memory, copies and lifetimes on a GPU, and what is said when something fails. */
@NeedsSimulatedCuda
class CudaBackendTest {
  private static final int OUT_OF_MEMORY = 2;
  private static final int LAUNCH_FAILED = 719;

  private CudaBackend cuda;
  private Scope scope;

  @BeforeEach
  void open() {
    SimulatedCuda.install();
    cuda = CudaBackend.open(0);
    scope = cuda.newScope("model");
  }

  @AfterEach
  void everythingIsGivenBack() {
    scope.close();
    cuda.close();
    assertThat(SimulatedCuda.leaks()).isEmpty();
    assertThat(cuda.context().openResources()).isZero();
  }

  @Test
  void elementsGoInAndComeOut() {
    Tensor x = scope.of(new float[] {1, -2, 3.5f, 4, 5, 6}, 2, 3);
    assertThat(x.toFloats()).containsExactly(1, -2, 3.5f, 4, 5, 6);
    x.set(4, 0.25);
    assertThat(x.get(4)).isEqualTo(0.25);
    assertThat(x.get(5)).isEqualTo(6);
    Tensor y = scope.zeros(DType.F32, 2, 3);
    assertThat(y.toDoubles()).containsOnly(0);
    y.copyFrom(x);
    assertThat(y.toFloats()).containsExactly(1, -2, 3.5f, 4, 0.25f, 6);
    y.zero();
    assertThat(y.toFloats()).containsOnly(0);
  }

  @Test
  void moreThanARingOfPinnedMemoryGoesThroughIt() {
    float[] values = new float[12_000_001];
    IntStream.range(0, values.length).forEach(i -> values[i] = i % 9973);
    Tensor x = scope.of(values, values.length);
    java.util.Arrays.fill(values, -1); // the copy must not see this
    float[] back = x.toFloats();
    assertThat(IntStream.range(0, back.length).filter(i -> back[i] != i % 9973)).isEmpty();
  }

  @Test
  void bf16RoundsToTheNearestAndTiesToEven() {
    Tensor wide = scope.of(new float[] {1, 1.00390625f, 1.01171875f, -3.1415927f, 3e38f}, 5);
    Tensor x = scope.zeros(DType.BF16, 5);
    x.copyFrom(wide);
    assertThat(x.toDoubles()).startsWith(1, 1, 1.015625, -3.140625);
    Tensor back = scope.zeros(DType.F32, 5);
    back.copyFrom(x);
    assertThat(back.toDoubles()).containsExactly(x.toDoubles());
  }

  @Test
  void tokenIdsStayReadableOnTheHostWithoutWaiting() {
    Tensor tokens = scope.of(new int[] {7, 0, 42}, 3);
    long waits = SimulatedCuda.synchronizations();
    assertThat(tokens.getInt(2)).isEqualTo(42);
    tokens.set(0, 5);
    assertThat(tokens.getInt(0)).isEqualTo(5);
    assertThat(SimulatedCuda.synchronizations()).isEqualTo(waits);
  }

  @Test
  void numbersAreReadBackLaterAndNotWaitedForBefore() {
    Tensor a = scope.of(new float[] {3}, 1);
    Tensor b = scope.of(new float[] {4}, 1);
    long waits = SimulatedCuda.synchronizations();
    Readback readback = Readback.of(a, b);
    a.zero(); // comes after the copy
    assertThat(SimulatedCuda.synchronizations()).isEqualTo(waits);
    assertThat(readback.values()).containsExactly(3, 4);
    assertThat(readback.values()).containsExactly(3, 4);
  }

  @Test
  void tensorsBeginWhereKernelsAndProductsWantThemTo() {
    for (int size : new int[] {1, 3, 64, 65, 100_000}) {
      assertThat(scope.zeros(DType.F32, size).address() % 256).isZero();
    }
    Tensor rows = scope.zeros(DType.F32, 5, 3);
    assertThat(rows.slice(0, 1, 2).isAligned()).isFalse();
    try (Scope step = cuda.newScope("step");
        Tape _ = Tape.inference(step)) {
      assertThat(rows.slice(0, 1, 2).contiguous().isAligned()).isTrue();
    }
  }

  @Test
  void aStepRepeatsItsAddressesAndTakesNothingNew() {
    try (Scope step = cuda.newScope("step")) {
      long first = 0;
      long taken = 0;
      for (int i = 0; i < 3; i++) {
        try (Tape _ = Tape.start(step)) {
          long address = scope.zeros(DType.F32, 1).like().address();
          if (i == 0) {
            first = address;
            taken = SimulatedCuda.memoryUsed();
          }
          assertThat(address).isEqualTo(first);
        }
      }
      assertThat(SimulatedCuda.memoryUsed()).isEqualTo(taken);
    }
  }

  @Test
  void hostAndGpuAreNotMistakenForEachOther() {
    Tensor x = scope.zeros(DType.F32, 3);
    assertThatThrownBy(x::data).hasMessageContaining("is on cuda:0: copy it out");
    assertThatThrownBy(x::cpu).hasMessageContaining("is on cuda:0, not on the CPU");
    try (CpuBackend cpu = CpuBackend.withoutBlas(1);
        Scope host = cpu.newScope("host")) {
      Tensor y = host.of(new float[] {1, 2, 3}, 3);
      assertThatThrownBy(y::address).hasMessageContaining("is on the CPU");
      x.copyFrom(y);
      assertThat(x.toFloats()).containsExactly(1, 2, 3);
      y.zero();
      y.copyFrom(x);
      assertThat(y.toFloats()).containsExactly(1, 2, 3);
    }
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void everyTypeButDoubleCanBeHeld(DType dtype) {
    if (dtype == DType.F64) {
      assertThatThrownBy(() -> scope.zeros(dtype, 2)).hasMessage("cuda:0 has no tensors of F64");
    } else {
      assertThat(scope.zeros(dtype, 2).toDoubles()).containsOnly(0);
    }
  }

  @Test
  void outOfMemorySaysWhoHasHowMuchAndWhatToDo() {
    SimulatedCuda.limitMemory(1L << 30);
    assertThatThrownBy(() -> scope.zeros(DType.F32, 1 << 29))
        .isInstanceOf(OutOfTensorMemoryException.class)
        .hasMessageMatching(
            "out of GPU memory: scope 'model' holds \\d+ MB and could not get 2,048 MB more,"
                + " \\d+ MB are free; use a smaller batch, model or sequence length");
  }

  @Test
  void aFailedAllocationOfAnotherKindIsNotCalledOutOfMemory() {
    SimulatedCuda.fail("cuMemAlloc_v2", 100);
    assertThatThrownBy(() -> scope.zeros(DType.F32, 3))
        .isInstanceOf(CudaException.class)
        .hasMessageContaining("cuMemAlloc_v2")
        .hasMessageContaining("(100)");
  }

  @Test
  void aFailedLaunchNamesTheKernel() {
    Tensor x = scope.zeros(DType.F32, 3);
    try (Scope step = cuda.newScope("step");
        Tape _ = Tape.inference(step)) {
      x.gelu();
      SimulatedCuda.fail("cuLaunchKernel", LAUNCH_FAILED);
      assertThatThrownBy(x::gelu)
          .isInstanceOf(CudaException.class)
          .hasMessageContaining("cuLaunchKernel of gelu_forward failed")
          .hasMessageContaining("(719)");
      assertThat(x.gelu().toFloats()).as("the next one works").containsOnly(0);
    }
  }

  @Test
  void outOfPinnedMemoryIsSaid() {
    SimulatedCuda.fail("cuMemHostAlloc", OUT_OF_MEMORY);
    assertThatThrownBy(() -> scope.of(new float[] {1}, 1))
        .hasMessageContaining("cuMemHostAlloc of 4194304 bytes");
  }

  @Test
  void kernelsAreTimedByNameWhileAsked() {
    Tensor x = scope.zeros(DType.F32, 3);
    try (Scope step = cuda.newScope("step");
        Tape _ = Tape.inference(step)) {
      cuda.times().start();
      x.gelu().gelu();
      assertThat(cuda.times().stop().get("gelu_forward").launches()).isEqualTo(2);
      x.gelu();
      cuda.times().start();
      assertThat(cuda.times().stop()).isEmpty();
    }
  }
}
