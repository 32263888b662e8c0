package dev.tiebreak.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.tensor.table.OpCase;
import dev.tiebreak.tensor.table.OpTable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every operation, run on every line of {@link OpTable}. */
class OpTest {
  private static final CpuBackend CPU = CpuBackend.create(2);
  private static final CpuBackend DRY = CpuBackend.dry(2);
  private static final CpuBackend SCALAR = CpuBackend.scalar();
  private static final CpuBackend JAVA_1 = CpuBackend.withoutBlas(1);
  private static final CpuBackend JAVA_3 = CpuBackend.withoutBlas(3);

  @AfterAll
  static void close() {
    Stream.of(CPU, DRY, SCALAR, JAVA_1, JAVA_3).forEach(CpuBackend::close);
  }

  static Stream<OpCase> cases() {
    return OpTable.cases();
  }

  @Test
  void everyOperationHasALineInTheTable() {
    var names = OpTable.cases().map(OpCase::name).toList();
    for (Method method : TensorOps.class.getDeclaredMethods()) {
      String op = method.getName();
      if (Modifier.isPublic(method.getModifiers())) {
        assertThat(names).as(op).anyMatch(name -> name.matches(op + "\\b.*"));
      }
    }
    assertThat(names).anyMatch(name -> name.startsWith("attention"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void gradientsMatchFiniteDifferences(OpCase op) {
    GradientCheck.Mismatch worst = GradientCheck.largestError(CPU, op);
    assertThat(worst.error()).as(worst.place()).isLessThan(5e-7);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void float32MatchesFloat64(OpCase op) {
    assertClose(op, op.run(CPU, DType.F32), op.run(CPU, DType.F64));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void vectorLoopsMatchTheirScalarTwins(OpCase op) {
    assertClose(op, op.run(CPU, DType.F32), op.run(SCALAR, DType.F32));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void threeThreadsGiveTheBitsOfOne(OpCase op) {
    assertSameBits(op, op.run(JAVA_3, DType.F32), op.run(JAVA_1, DType.F32));
    assertClose(op, op.run(CPU, DType.F32), op.run(JAVA_1, DType.F32));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void repeatingGivesTheSameBits(OpCase op) {
    assertSameBits(op, op.run(CPU, DType.F32), op.run(CPU, DType.F32));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void aSecondBackwardDoublesTheGradients(OpCase op) {
    for (DType dtype : new DType[] {DType.F32, DType.F64}) {
      try (Scope model = CPU.newScope("inputs")) {
        Tensor[] inputs = op.inputs(model, dtype);
        OpCase.Pass once = op.run(CPU, inputs);
        OpCase.Pass twice = op.run(CPU, inputs);
        for (double[] gradient : once.gradients()) {
          Arrays.setAll(gradient, i -> 2 * gradient[i]);
        }
        assertClose(op, twice, once);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void theFirstContributionOverwritesWhatTheGradientsHeld(OpCase op) {
    for (DType dtype : new DType[] {DType.F32, DType.F64}) {
      try (Scope model = CPU.newScope("inputs")) {
        Tensor[] inputs = op.inputs(model, dtype);
        OpCase.Pass fresh = op.run(CPU, inputs);
        for (Tensor input : inputs) {
          for (long i = 0; i < input.size(); i++) {
            input.gradient().set(i, Double.NaN);
          }
          input.clearGradient();
        }
        assertSameBits(op, op.run(CPU, inputs), fresh);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void aDryRunTakesAsMuchMemory(OpCase op) {
    assertThat(op.memory(DRY, DType.F32)).isEqualTo(op.memory(CPU, DType.F32));
  }

  private static void assertSameBits(OpCase op, OpCase.Pass actual, OpCase.Pass expected) {
    assertThat(actual.output()).as(op + ", output").isEqualTo(expected.output());
    for (int i = 0; i < expected.gradients().length; i++) {
      assertThat(actual.gradients()[i])
          .as(op + ", gradient " + i)
          .isEqualTo(expected.gradients()[i]);
    }
  }

  private static void assertClose(OpCase op, OpCase.Pass actual, OpCase.Pass expected) {
    assertClose(op, "output", actual.output(), expected.output());
    for (int i = 0; i < expected.gradients().length; i++) {
      assertClose(op, "gradient " + i, actual.gradients()[i], expected.gradients()[i]);
    }
  }

  /** Relative to each element and to the typical one, scaled with the length of sums. */
  private static void assertClose(OpCase op, String what, double[] actual, double[] expected) {
    double tolerance = 5e-7 * Math.sqrt(op.reduction());
    double squares = Arrays.stream(expected).map(v -> v * v).sum();
    double typical = Math.sqrt(squares / expected.length);
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      double allowed = tolerance * (Math.abs(expected[i]) + typical);
      double error = Math.abs(actual[i] - expected[i]);
      if (!(error <= allowed)) {
        throw new AssertionError(
            String.format(
                Locale.ROOT,
                "%s, %s, element %d: %.9g, expected %.9g +- %.2g",
                op,
                what,
                i,
                actual[i],
                expected[i],
                allowed));
      }
    }
  }
}
