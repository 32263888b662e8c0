package dev.tiebreak.tests.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.nn.GradientClip;
import dev.tiebreak.nn.Parameter;
import dev.tiebreak.tensor.AdamWUpdate;
import dev.tiebreak.tensor.Backend;
import dev.tiebreak.tensor.Contribution;
import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.CudaBackend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Philox;
import dev.tiebreak.tensor.Readback;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Shape;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.tensor.attention.AttentionChoice;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What changes weights and gradients in place, and the norm that clips them, on both backends. */
@NeedsSimulatedCuda
class UpdateParityTest {
  private static final AdamWUpdate.Rounding RANDOM = new AdamWUpdate.Rounding(77, 8, 40_000);

  private final CpuBackend cpu = CpuBackend.create(2);
  private CudaBackend cuda;
  private Scope onCpu;
  private Scope onGpu;
  private Scope step;

  @BeforeEach
  void open() {
    SimulatedCuda.install();
    AttentionChoice own = AttentionChoice.OWN;
    cuda = CudaBackend.open(0, new CudaBackend.Options(own.asOption(), true, false));
    onCpu = cpu.newScope("on the CPU");
    onGpu = cuda.newScope("on the GPU");
    step = cuda.newScope("step");
  }

  @AfterEach
  void everythingIsGivenBack() {
    assertThat(SimulatedCuda.report()).isEmpty();
    List.of(step, onGpu, onCpu).forEach(Scope::close);
    cuda.close();
    cpu.close();
    assertThat(SimulatedCuda.leaks()).isEmpty();
  }

  /** A weight and what belongs to it, the same numbers on either backend. */
  private static AdamWUpdate.State state(Scope scope, DType dtype, int size) {
    Tensor master = random(scope, size, 1);
    Tensor weight = dtype == DType.F32 ? master : scope.zeros(dtype, size);
    Tensor m = random(scope, size, 3);
    Tensor v = random(scope, size, 4);
    for (int i = 0; i < size; i++) {
      v.set(i, Math.abs(v.get(i)));
    }
    return new AdamWUpdate.State(weight, master, random(scope, size, 2), m, v);
  }

  private static Tensor random(Scope scope, int size, int seed) {
    Random random = new Random(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return scope.of(values, size);
  }

  private static Tensor of(Scope scope, double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return scope.of(floats, values.length);
  }

  private static Tensor numbers(Scope scope) {
    return of(scope, AdamWUpdate.numbers(0.01, 0.1, 0.9, 0.99, 1e-8, 3));
  }

  private static void update(
      AdamWUpdate.State state, double coefficient, boolean decays, AdamWUpdate.Rounding rounding) {
    Scope scope = state.master().scope();
    Tensor factor = decays ? of(scope, 1.5) : null;
    AdamWUpdate.apply(state, numbers(scope), of(scope, coefficient), factor, decays, rounding);
  }

  @ParameterizedTest
  @CsvSource({"1, true", "7, false", "33, true", "2051, false"})
  void adamWIsThatOfTheCpuInBothTypes(int size, boolean decays) {
    AdamWUpdate.State expected = state(onCpu, DType.F32, size);
    update(expected, 0.5, decays, null);
    for (DType dtype : List.of(DType.F32, DType.BF16)) {
      AdamWUpdate.State actual = state(onGpu, dtype, size);
      update(actual, 0.5, decays, null);
      assertClose(actual.master(), expected.master(), 1e-6);
      assertClose(actual.m(), expected.m(), 1e-6);
      assertClose(actual.v(), expected.v(), 1e-6);
      Tensor rounded = onGpu.zeros(dtype, size);
      rounded.copyFrom(actual.master());
      assertThat(actual.weight().toDoubles()).isEqualTo(rounded.toDoubles());
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void aCoefficientThatIsNoNumberLeavesEverythingAsItIs(double coefficient) {
    AdamWUpdate.State state = state(onGpu, DType.BF16, 33);
    AdamWUpdate.State before = state(onGpu, DType.BF16, 33);
    update(state, coefficient, true, RANDOM);
    assertThat(state.weight().toDoubles()).isEqualTo(before.weight().toDoubles());
    assertThat(state.master().toDoubles()).isEqualTo(before.master().toDoubles());
    assertThat(state.m().toDoubles()).isEqualTo(before.m().toDoubles());
    assertThat(state.v().toDoubles()).isEqualTo(before.v().toDoubles());
  }

  @Test
  void weightsRoundedAtRandomEqualTheirMastersOnAverage() {
    AdamWUpdate.State state = state(onGpu, DType.BF16, 20_003);
    update(state, 0.5, true, RANDOM);
    float[] master = state.master().toFloats();
    double[] weight = state.weight().toDoubles();
    Philox random = new Philox(RANDOM.seed(), Philox.ROUNDING);
    double error = 0;
    double gaps = 0;
    for (int i = 0; i < master.length; i++) {
      int bits = Float.floatToIntBits(master[i]);
      int draw = random.bits(3 * RANDOM.perStep() + RANDOM.first() + i) & 0xffff;
      assertThat((float) weight[i])
          .as("element %d", i)
          .isEqualTo(Float.intBitsToFloat(bits + draw & 0xffff0000));
      double gap = Math.ulp(master[i]) * 0x1p16;
      error += (weight[i] - master[i]) / gap;
      gaps += Math.abs(weight[i] - master[i]) / gap;
    }
    // Of numbers whose cut-off parts are spread evenly, the mean error is 1/3 of a gap.
    assertThat(gaps / master.length).isCloseTo(1 / 3.0, within(0.01));
    assertThat(error / master.length).isCloseTo(0, within(4 * 0.41 / Math.sqrt(master.length)));
  }

  @Test
  void statisticsAreThoseOfTheCpu() {
    double[][] sums = new double[2][];
    for (Scope scope : List.of(onCpu, onGpu)) {
      Tensor parts = scope.zeros(DType.F32, AdamWUpdate.SUMS, AdamWUpdate.PARTS);
      AdamWUpdate.State state = state(scope, DType.F32, 5003);
      AdamWUpdate.statistics(state, numbers(scope), of(scope, 2), parts);
      sums[scope == onCpu ? 0 : 1] =
          Arrays.stream(new int[] {0, 1, 2})
              .mapToDouble(k ->
                  Arrays.stream(
                          parts.toDoubles(), k * AdamWUpdate.PARTS, (k + 1) * AdamWUpdate.PARTS)
                      .sum())
              .toArray();
    }
    for (int k = 0; k < AdamWUpdate.SUMS; k++) {
      assertThat(sums[1][k]).isCloseTo(sums[0][k], within(1e-5 * sums[0][k]));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 33, 2051})
  void scalingByATensorIsScalingByItsNumber(int size) {
    Tensor x = random(onGpu, size, 5);
    float[] expected = x.toFloats();
    x.scaleInPlace(of(onGpu, 0, 0.25).slice(0, 1, 1));
    for (int i = 0; i < size; i++) {
      expected[i] *= 0.25f;
    }
    assertThat(x.toFloats()).isEqualTo(expected);
  }

  @Test
  void theNormOfAllGradientsIsThatOfTheCpuAndNothingWaitsForIt() {
    double expected = clip(cpu, onCpu, DType.F32)[0];
    for (DType dtype : List.of(DType.F32, DType.BF16)) {
      double[] normAndClip = clip(cuda, onGpu, dtype);
      assertThat(normAndClip[0]).isCloseTo(expected, within(1e-5 * expected));
      assertThat(normAndClip[1]).isCloseTo(0.1 / expected, within(1e-5 / expected));
    }
  }

  /** Gradients are of F32 also where weights are of BF16. */
  private static double[] clip(Backend backend, Scope kept, DType dtype) {
    List<Parameter> parameters =
        List.of(weight(kept, dtype, 1), weight(kept, dtype, 7), weight(kept, dtype, 300_001));
    try (Scope step = backend.newScope("step");
        Tape _ = Tape.inference(step)) {
      Tensor norm = GradientClip.norm(parameters);
      return Readback.of(norm, GradientClip.coefficient(norm, 0.1)).values();
    }
  }

  private static Parameter weight(Scope kept, DType dtype, int size) {
    Tensor tensor = kept.allocate(dtype, Shape.of(size)).requireGradient(DType.F32);
    Contribution.start(tensor).gradient().copyFrom(random(kept, size, 6));
    return new Parameter("w", tensor, kept.zeros(DType.F32, size), true);
  }

  private static void assertClose(Tensor actual, Tensor expected, double tolerance) {
    double[] a = actual.toDoubles();
    double[] e = expected.toDoubles();
    for (int i = 0; i < e.length; i++) {
      assertThat(a[i]).as("%d", i).isCloseTo(e[i], within(tolerance * (1 + Math.abs(e[i]))));
    }
  }
}
