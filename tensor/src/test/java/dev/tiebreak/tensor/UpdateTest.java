package dev.tiebreak.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What changes tensors in place, and the sum of squares that clipping needs. */
class UpdateTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 33, 20_003})
  void adamWGivesItsFormulaInBothTypesOnAnyThreads(int size) {
    float[] one = afterTwoSteps(CpuBackend.create(1), DType.F32, size);
    assertThat(afterTwoSteps(CpuBackend.create(3), DType.F32, size)).isEqualTo(one);
    float[] scalar = afterTwoSteps(CpuBackend.scalar(), DType.F32, size);
    float[] full = afterTwoSteps(CpuBackend.create(2), DType.F64, size);
    assertThat(largestError(one, full)).isLessThan(2e-6);
    assertThat(largestError(one, scalar)).isLessThan(2e-6);
  }

  private static double largestError(float[] actual, float[] expected) {
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      double error = Math.abs(actual[i] - expected[i]) / (1 + Math.abs(expected[i]));
      largest = error <= largest ? largest : error; // NaN wins
    }
    return largest;
  }

  /** Weight and both moments; the float64 run is checked against the formula on the way. */
  private static float[] afterTwoSteps(CpuBackend backend, DType dtype, int size) {
    try (CpuBackend cpu = backend;
        Scope scope = cpu.newScope("weights")) {
      Tensor w = random(scope, dtype, size, 1);
      Tensor g = random(scope, dtype, size, 2);
      Tensor m = scope.zeros(dtype, size);
      Tensor v = scope.zeros(dtype, size);
      double before = w.get(0);
      update(w, g, m, v);
      if (dtype == DType.F64) {
        double gradient = 0.5 * g.get(0);
        double update = gradient / (Math.abs(gradient) + 1e-8); // as m and v were 0
        double expected = before - 0.01 * 0.1 * before - 0.01 * 1.5 * update;
        assertThat(w.get(0)).isCloseTo(expected, within(1e-14));
      }
      update(w, g, m, v);
      float[] state = new float[3 * size];
      for (int i = 0; i < size; i++) {
        state[i] = (float) w.get(i);
        state[size + i] = (float) m.get(i);
        state[2 * size + i] = (float) v.get(i);
      }
      return state;
    }
  }

  private static void update(Tensor w, Tensor g, Tensor m, Tensor v) {
    Scope scope = w.scope();
    AdamWUpdate.apply(
        new AdamWUpdate.State(w, w, g, m, v),
        of(scope, w.dtype(), AdamWUpdate.numbers(0.01, 0.1, 0.9, 0.99, 1e-8, 1)),
        of(scope, w.dtype(), 0.5),
        of(scope, w.dtype(), 1.5),
        true,
        null);
  }

  private static Tensor of(Scope scope, DType dtype, double... values) {
    Tensor tensor = scope.zeros(dtype, values.length);
    for (int i = 0; i < values.length; i++) {
      tensor.set(i, values[i]);
    }
    return tensor;
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void aCoefficientThatIsNoNumberLeavesEverythingAsItIs(double coefficient) {
    try (CpuBackend cpu = CpuBackend.create(2);
        Scope scope = cpu.newScope("weights")) {
      Tensor w = random(scope, DType.F32, 33, 1);
      Tensor m = random(scope, DType.F32, 33, 2);
      Tensor v = random(scope, DType.F32, 33, 3);
      float[][] before = {w.toFloats(), m.toFloats(), v.toFloats()};
      AdamWUpdate.apply(
          new AdamWUpdate.State(w, w, of(scope, DType.F32, new double[33]), m, v),
          of(scope, DType.F32, AdamWUpdate.numbers(0.01, 0.1, 0.9, 0.99, 1e-8, 1)),
          of(scope, DType.F32, coefficient),
          null,
          true,
          null);
      assertThat(new float[][] {w.toFloats(), m.toFloats(), v.toFloats()}).isDeepEqualTo(before);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 33, 5003})
  void statisticsAreTheSumsOfTheirSquares(int size) {
    try (CpuBackend cpu = CpuBackend.create(2);
        Scope scope = cpu.newScope("weights")) {
      Tensor w = random(scope, DType.F64, size, 1);
      Tensor m = random(scope, DType.F64, size, 2);
      Tensor v = of(scope, DType.F64, random(scope, DType.F64, size, 3).toDoubles());
      double[] expected = new double[3];
      for (int i = 0; i < size; i++) {
        v.set(i, v.get(i) * v.get(i));
        double update = 0.3 * 2 * (m.get(i) / 0.1) / (Math.sqrt(v.get(i) / 0.01) + 1e-8);
        expected[0] += v.get(i);
        expected[1] += w.get(i) * w.get(i);
        expected[2] += update * update;
      }
      Tensor parts = scope.zeros(DType.F64, 3, EuclideanNorm.PARTS);
      AdamWUpdate.statistics(
          new AdamWUpdate.State(w, w, null, m, v),
          of(scope, DType.F64, AdamWUpdate.numbers(0.3, 0.1, 0.9, 0.99, 1e-8, 1)),
          of(scope, DType.F64, 2),
          parts);
      double[] all = parts.toDoubles();
      for (int k = 0; k < 3; k++) {
        double sum =
            Arrays.stream(all, k * EuclideanNorm.PARTS, (k + 1) * EuclideanNorm.PARTS).sum();
        assertThat(sum).isCloseTo(expected[k], within(1e-12 * expected[k]));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4095, 4097, 100_003})
  void theSumOfSquaresDoesNotDependOnThreads(int size) {
    double one = sumOfSquares(CpuBackend.create(1), DType.F32, size);
    assertThat(sumOfSquares(CpuBackend.create(2), DType.F32, size)).isEqualTo(one);
    assertThat(sumOfSquares(CpuBackend.create(5), DType.F32, size)).isEqualTo(one);
    double full = sumOfSquares(CpuBackend.create(2), DType.F64, size);
    assertThat(one).isCloseTo(full, within(1e-6 * full));
  }

  private static double sumOfSquares(CpuBackend backend, DType dtype, int size) {
    try (CpuBackend cpu = backend;
        Scope scope = cpu.newScope("values")) {
      Tensor parts = scope.zeros(dtype, EuclideanNorm.PARTS);
      EuclideanNorm.squares(random(scope, dtype, size, 3), parts);
      return Arrays.stream(parts.toDoubles()).sum();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 33, 20_003})
  void scalingInPlaceScalesEveryElement(int size) {
    try (CpuBackend cpu = CpuBackend.create(2);
        Scope scope = cpu.newScope("values")) {
      Tensor x = random(scope, DType.F32, size, 4);
      float[] before = x.toFloats();
      x.scaleInPlace(0.5);
      x.scaleInPlace(of(scope, DType.F32, 0.5));
      for (int i = 0; i < size; i++) {
        before[i] *= 0.25f;
      }
      assertThat(x.toFloats()).isEqualTo(before);
    }
  }

  private static Tensor random(Scope scope, DType dtype, int size, int seed) {
    var random = new Random(seed);
    Tensor tensor = scope.zeros(dtype, size);
    for (long i = 0; i < size; i++) {
      tensor.set(i, (float) random.nextGaussian());
    }
    return tensor;
  }
}
