package dev.tiebreak.tests.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.tensor.Backend;
import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.CudaBackend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Philox;
import dev.tiebreak.tensor.Rotation;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Shape;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.tensor.attention.AttentionChoice;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is equal on both backends to the last bit: masks of dropout, and what is only moved. */
@NeedsSimulatedCuda
class ExactParityTest {
  private final CpuBackend cpu = CpuBackend.create(1);
  private CudaBackend cuda;

  @BeforeEach
  void open() {
    SimulatedCuda.install();
    AttentionChoice own = AttentionChoice.OWN;
    cuda = CudaBackend.open(0, new CudaBackend.Options(own.asOption(), true, false));
  }

  @AfterEach
  void everythingIsGivenBack() {
    assertThat(SimulatedCuda.report()).isEmpty();
    cuda.close();
    cpu.close();
    assertThat(SimulatedCuda.leaks()).isEmpty();
  }

  /** Something to compute with tensors of a type, which a scope has the memory for. */
  private interface Expression {
    Tensor apply(Scope scope, DType dtype);
  }

  private static double[] run(Backend backend, DType dtype, Expression expression) {
    try (Scope step = backend.newScope("step");
        Tape _ = Tape.start(step)) {
      return expression.apply(step, dtype).toDoubles();
    }
  }

  /** Small whole numbers, none of them 0, which both types hold exactly. */
  private static Tensor numbers(Scope scope, DType dtype, int... dims) {
    Tensor numbers = scope.allocate(dtype, Shape.of(dims));
    float[] values = new float[(int) numbers.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = 1 + i % 251;
    }
    numbers.copyFrom(scope.of(values, dims));
    return numbers;
  }

  @ParameterizedTest
  @CsvSource({
    "0.1, 1, 0",
    "0.5, -1, 3",
    "0.3, 81985529216486895, 17179869190",
    "0.999, 4294967296, 9007199254740993",
    "0.2500000001, 5, 2"
  })
  void dropoutKeepsTheSameElements(double probability, long seed, long offset) {
    var random = new Philox(seed, Philox.DROPOUT);
    Expression masked = (s, t) -> numbers(s, t, 2100).dropout(probability, random, offset);
    double[] expected = kept(run(cpu, DType.F32, masked));
    assertThat(DoubleStream.of(expected).sum()).isBetween(1.0, 2099.0);
    assertThat(kept(run(cuda, DType.F32, masked))).isEqualTo(expected);
    assertThat(kept(run(cuda, DType.BF16, masked))).isEqualTo(expected);
  }

  private static double[] kept(double[] values) {
    return Arrays.stream(values).map(value -> value == 0 ? 0 : 1).toArray();
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "BF16"})
  void viewsOfEightDimensionsAreCopied(DType dtype) {
    Expression view =
        (s, t) ->
            numbers(s, t, 2, 1, 3, 2, 1, 3, 2, 3)
                .transpose(0, 7)
                .slice(5, 1, 2)
                .transpose(2, 3)
                .contiguous();
    assertThat(run(cuda, dtype, view)).isEqualTo(run(cpu, DType.F32, view));
  }

  @Test
  void viewsOfNineDimensionsAreRefused() {
    Expression view = (s, t) -> numbers(s, t, 1, 1, 1, 1, 1, 1, 1, 2, 3).transpose(7, 8).exp();
    assertThatThrownBy(() -> run(cuda, DType.F32, view))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has more than 8 dimensions");
  }

  @Test
  void viewsOfTokenIdsAreRefused() {
    Expression view =
        (s, t) -> s.of(new int[] {1, 2, 3, 4, 5, 6}, 2, 3).transpose(0, 1).contiguous();
    assertThatThrownBy(() -> run(cuda, DType.I32, view))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("token ids on a GPU must be row-major");
  }

  /** Each part adds to its place in the whole's float32 gradient. */
  @Test
  void slicesOfABf16WeightAddToItsFloat32Gradient() {
    try (Scope model = cuda.newScope("model");
        Scope step = cuda.newScope("step");
        Tape tape = Tape.start(step)) {
      Tensor weight = numbers(model, DType.BF16, 5, 3).requireGradient(DType.F32);
      Tensor parts = weight.slice(0, 1, 3).scale(2).sum().add(weight.slice(1, 2, 1).scale(4).sum());
      tape.backward(parts);
      assertThat(weight.gradient().toFloats())
          .containsExactly(0, 0, 4, 2, 2, 6, 2, 2, 6, 2, 2, 6, 0, 0, 4);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "BF16"})
  void turningInPlaceGivesTheBitsOfTurningACopy(DType dtype) {
    assertThat(run(cuda, dtype, (s, t) -> turned(s, t, true)))
        .isEqualTo(run(cuda, dtype, (s, t) -> turned(s, t, false)));
  }

  private static Tensor turned(Scope scope, DType dtype, boolean inPlace) {
    Tensor x = numbers(scope, dtype, 2, 7, 4 * 34);
    Rotation rotation = Rotation.of(x.backend().tape().scope(), dtype, 7, 34, 10_000);
    return inPlace ? x.ropeInPlace(rotation, 3, 0) : x.rope(rotation, 3, 0);
  }

  /** Many rows, so that each block sums a part of them. */
  @ParameterizedTest
  @EnumSource(names = {"F32", "BF16"})
  void sumsOfManyRowsAreExactWhereFloat32IsExact(DType dtype) {
    try (Scope model = cuda.newScope("model");
        Scope step = cuda.newScope("step");
        Tape tape = Tape.start(step)) {
      Tensor bias = numbers(model, dtype, 3).requireGradient(DType.F32);
      Tensor y = step.zeros(dtype, 20_000, 3).add(bias);
      tape.backward(y, numbers(step, dtype, 20_000, 3));
      double[] expected = new double[3];
      for (int i = 0; i < 60_000; i++) {
        expected[i % 3] += 1 + i % 251;
      }
      assertThat(bias.gradient().toDoubles()).isEqualTo(expected);
    }
  }
}
