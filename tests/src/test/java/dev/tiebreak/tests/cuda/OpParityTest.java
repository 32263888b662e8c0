package dev.tiebreak.tests.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.CudaBackend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.attention.AttentionChoice;
import dev.tiebreak.tensor.table.OpCase;
import dev.tiebreak.tensor.table.OpTable;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every line of the table of operations gives on the simulated GPU what it gives on the CPU. Each
 * tensor has an allocation of its own, so an access past the end of one is seen, and so is a race.
 */
@NeedsSimulatedCuda
class OpParityTest {
  private static CpuBackend cpu;
  private static CudaBackend cuda;

  @BeforeAll
  static void open() {
    SimulatedCuda.install();
    cpu = CpuBackend.create(2);
    cuda =
        CudaBackend.open(0, new CudaBackend.Options(AttentionChoice.OWN.asOption(), true, false));
  }

  @AfterAll
  static void close() {
    cuda.close();
    cpu.close();
    assertThat(cuda.context().openResources()).isZero();
    assertThat(SimulatedCuda.leaks()).isEmpty();
  }

  /** A context that a fault has broken is of no use to the next operation. */
  @AfterEach
  void forgetFaults() {
    SimulatedCuda.idle(false);
    if (!SimulatedCuda.report().isEmpty()) {
      SimulatedCuda.install();
    }
  }

  static Stream<OpCase> cases() {
    return OpTable.cases();
  }

  static Stream<OpCase> casesWithWeights() {
    return OpTable.cases().filter(OpParity::hasWeights);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void float32IsThatOfTheCpu(OpCase op) {
    assertClose(op, OpParity.compare(cpu, cuda, op, DType.F32), 1e-5);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void bfloat16IsThatOfTheCpuWithinItsRounding(OpCase op) {
    assertClose(op, OpParity.compare(cpu, cuda, op, DType.BF16), 1e-2);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void aDryRunTakesAsMuchMemory(OpCase op) {
    CudaBackend dry = CudaBackend.dry(cuda.options());
    SimulatedCuda.idle(true);
    for (DType dtype : new DType[] {DType.F32, DType.BF16}) {
      assertThat(op.memory(dry, dtype)).isEqualTo(op.memory(cuda, dtype));
    }
    assertThat(SimulatedCuda.report()).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("casesWithWeights")
  void gradientsOfWeightsMayBeWiderThanTheWeights(OpCase op) {
    assertClose(op, OpParity.compareWithWideGradients(cpu, cuda, op), 1e-2);
  }

  private static void assertClose(OpCase op, OpParity.Deviation worst, double tolerance) {
    assertThat(SimulatedCuda.report()).isEmpty();
    assertThat(worst.error()).as("%s, %s", op, worst.place()).isLessThan(tolerance);
  }
}
