package dev.tiebreak.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The optimizer against the update written out for one number at a time. */
class AdamWTest {
  private static final AdamW.Config CONFIG = new AdamW.Config(0.9, 0.95, 1e-8, 0.1);

  private final Workbench bench = new Workbench();

  @AfterEach
  void close() {
    bench.close();
  }

  /** AdamW on numbers: the definition (Loshchilov and Hutter, 2019, algorithm 2). */
  private static final class Reference {
    private final double[] w;
    private final double[] m;
    private final double[] v;
    private final double decay;
    private int t;

    Reference(double[] weights, double decay) {
      this.w = weights;
      this.m = new double[w.length];
      this.v = new double[w.length];
      this.decay = decay;
    }

    void step(double[] gradient, double rate, double clip, double factor) {
      t++;
      for (int i = 0; i < w.length; i++) {
        double g = clip * gradient[i];
        m[i] = 0.9 * m[i] + 0.1 * g;
        v[i] = 0.95 * v[i] + 0.05 * g * g;
        double mean = m[i] / (1 - Math.pow(0.9, t));
        double square = v[i] / (1 - Math.pow(0.95, t));
        w[i] -= rate * decay * w[i];
        w[i] -= rate * factor * mean / (Math.sqrt(square) + 1e-8);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"F64, 1e-14", "F32, 1e-6"})
  void stepsAreThoseOfTheDefinition(DType type, double tolerance) {
    Parameter matrix = new Parameter("matrix", bench.normal(type, 37, 3), true);
    Parameter vector = new Parameter("vector", bench.normal(type, 37), false);
    AdamW optimizer = new AdamW(List.of(matrix, vector), bench.kept(), CONFIG);
    optimizer.scaleUpdate(vector, bench.scalar(type, 0.5));
    Reference forMatrix = new Reference(matrix.tensor().toDoubles(), 0.1);
    Reference forVector = new Reference(vector.tensor().toDoubles(), 0);
    for (int step = 0; step < 8; step++) {
      double rate = 0.1 / (step + 1);
      double clip = step % 2 == 0 ? 1 : 0.37;
      Tensor dMatrix = bench.normal(type, 37, 3);
      Tensor dVector = bench.normal(type, 37);
      bench.giveGradient(matrix.tensor(), dMatrix);
      bench.giveGradient(vector.tensor(), dVector);
      optimizer.step(rate, bench.scalar(type, clip));
      forMatrix.step(dMatrix.toDoubles(), rate, clip, 1);
      forVector.step(dVector.toDoubles(), rate, clip, 0.5);
      assertClose(matrix.tensor(), forMatrix.w, tolerance);
      assertClose(vector.tensor(), forVector.w, tolerance);
      assertClose(optimizer.firstMoment(matrix), forMatrix.m, tolerance);
      assertClose(optimizer.secondMoment(vector), forVector.v, tolerance);
    }
    assertThat(optimizer.steps()).isEqualTo(8);
  }

  private static void assertClose(Tensor actual, double[] expected, double tolerance) {
    assertThat(Workbench.deviation(actual.toDoubles(), expected)).isLessThan(tolerance);
  }

  @Test
  void theFirstStepGoesAgainstTheSignByTheLearningRate() {
    Tensor weight = bench.kept().of(new double[] {1, 1, 1}, 3);
    Tensor gradient = bench.kept().of(new double[] {100, -0.01, 5}, 3);
    AdamW optimizer = new AdamW(List.of(new Parameter("w", weight, false)), bench.kept(), CONFIG);
    bench.giveGradient(weight, gradient);
    optimizer.step(0.25, bench.scalar(DType.F64, 1));
    assertThat(weight.toDoubles()).containsExactly(new double[] {0.75, 1.25, 0.75}, within(1e-6));
  }

  @Test
  void statisticsDescribeTheLastStep() {
    Tensor weight = bench.kept().of(new double[] {3, -4}, 2);
    Parameter parameter = new Parameter("w", weight, false);
    AdamW optimizer = new AdamW(List.of(parameter), bench.kept(), CONFIG);
    optimizer.scaleUpdate(parameter, bench.scalar(DType.F64, 2));
    bench.giveGradient(weight, bench.kept().of(new double[] {1, -7}, 2));
    optimizer.step(
        0.125, bench.scalar(DType.F64, 1)); // a first step is lr times the sign, here twice that
    AdamW.Statistics statistics;
    try (Tape _ = bench.infer()) {
      statistics = optimizer.statistics(List.of(parameter));
    }
    assertThat(statistics.updateRms()).isCloseTo(0.25, within(1e-7));
    assertThat(statistics.weightRms())
        .isCloseTo(Math.sqrt((2.75 * 2.75 + 3.75 * 3.75) / 2), within(1e-7));
    assertThat(statistics.rootSecondMoment())
        .isCloseTo(Math.sqrt(0.05 * (1 + 49) / 2), within(1e-12));
  }

  @Test
  void withoutAGradientAWeightAndItsMomentsStay() {
    Tensor weight = bench.kept().of(new double[] {1, 2, 3, 4}, 2, 2).requireGradient();
    Parameter parameter = new Parameter("w", weight, true);
    AdamW optimizer = new AdamW(List.of(parameter), bench.kept(), CONFIG);
    optimizer.step(0.1, bench.scalar(DType.F64, 1));
    assertThat(weight.toDoubles()).containsExactly(1, 2, 3, 4);
    assertThat(optimizer.firstMoment(parameter).toDoubles()).containsOnly(0);
  }

  @Test
  void aStepWhoseCoefficientIsNoNumberCountsButLeavesNoTrace() {
    Parameter parameter = new Parameter("w", bench.normal(DType.F32, 5, 7), true);
    AdamW optimizer = new AdamW(List.of(parameter), bench.kept(), CONFIG);
    float[] before = parameter.tensor().toFloats();
    bench.giveGradient(parameter.tensor(), bench.normal(DType.F32, 5, 7));
    optimizer.step(0.1, bench.scalar(DType.F32, Double.NaN));
    assertThat(parameter.tensor().toFloats()).isEqualTo(before);
    assertThat(optimizer.firstMoment(parameter).toDoubles()).containsOnly(0);
    assertThat(optimizer.secondMoment(parameter).toDoubles()).containsOnly(0);
    assertThat(optimizer.steps()).isEqualTo(1);
  }

  @Test
  void theMasterIsUpdatedAndTheWeightFollowsIt() {
    Tensor weight = bench.kept().of(new float[] {1, 2, 3}, 3);
    Tensor master = bench.kept().of(new float[] {1.25f, 2, 3}, 3);
    Parameter parameter = new Parameter("w", weight, master, false);
    parameter.refresh();
    assertThat(weight.toFloats()).containsExactly(1.25f, 2, 3);
    AdamW optimizer = new AdamW(List.of(parameter), bench.kept(), CONFIG);
    bench.giveGradient(weight, bench.kept().of(new float[] {1, -1, 1}, 3));
    optimizer.step(0.5, bench.scalar(DType.F32, 1));
    assertThat(master.toFloats()).containsExactly(0.75f, 2.5f, 2.5f);
    assertThat(weight.toFloats()).isEqualTo(master.toFloats());
  }

  @Test
  void aZeroGradientStillDecaysAMatrixButNotAVector() {
    for (boolean decays : new boolean[] {true, false}) {
      Tensor weight = bench.kept().of(new double[] {1, 2, 3, 4}, 2, 2);
      AdamW optimizer =
          new AdamW(List.of(new Parameter("w", weight, decays)), bench.kept(), CONFIG);
      bench.giveGradient(weight, bench.kept().zeros(DType.F64, 2, 2));
      optimizer.step(0.5, bench.scalar(DType.F64, 1));
      double kept = decays ? 1 - 0.5 * 0.1 : 1;
      assertThat(weight.toDoubles())
          .containsExactly(new double[] {kept, 2 * kept, 3 * kept, 4 * kept}, within(1e-15));
    }
  }

  @Test
  void anUpdateScaleLeavesTheDecayAlone() {
    Tensor weight = bench.kept().of(new double[] {2}, 1, 1);
    Parameter parameter = new Parameter("w", weight, true);
    AdamW optimizer = new AdamW(List.of(parameter), bench.kept(), CONFIG);
    optimizer.scaleUpdate(parameter, bench.scalar(DType.F64, 0));
    bench.giveGradient(weight, bench.kept().of(new double[] {7}, 1, 1));
    optimizer.step(0.5, bench.scalar(DType.F64, 1));
    assertThat(weight.item()).isCloseTo(2 * 0.95, within(1e-15));
  }

  @Test
  void restoredMomentsAndStepsGoOnAsIfNothingHadHappened() {
    Parameter parameter = new Parameter("w", bench.normal(DType.F32, 5, 7), true);
    AdamW first = new AdamW(List.of(parameter), bench.kept(), CONFIG);
    for (int i = 0; i < 3; i++) {
      bench.giveGradient(parameter.tensor(), bench.normal(DType.F32, 5, 7));
      first.step(0.01, bench.scalar(DType.F32, 1));
    }
    Parameter copy = new Parameter("w", bench.kept().zeros(DType.F32, 5, 7), true);
    copy.tensor().copyFrom(parameter.tensor());
    AdamW second = new AdamW(List.of(copy), bench.kept(), CONFIG);
    second.firstMoment(copy).copyFrom(first.firstMoment(parameter));
    second.secondMoment(copy).copyFrom(first.secondMoment(parameter));
    second.restoreSteps(first.steps());

    Tensor gradient = bench.normal(DType.F32, 5, 7);
    bench.giveGradient(parameter.tensor(), gradient);
    bench.giveGradient(copy.tensor(), gradient);
    first.step(0.01, bench.scalar(DType.F32, 0.5));
    second.step(0.01, bench.scalar(DType.F32, 0.5));
    assertThat(copy.tensor().toFloats()).isEqualTo(parameter.tensor().toFloats());
    assertThat(second.steps()).isEqualTo(4);
  }

  @Test
  void aForeignWeightAndConstantsOutOfRangeAreNamed() {
    AdamW optimizer = new AdamW(List.of(), bench.kept(), CONFIG);
    Parameter stranger = new Parameter("stranger", bench.normal(DType.F32, 2), false);
    assertThatThrownBy(() -> optimizer.firstMoment(stranger))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not a weight of this optimizer: stranger");
    for (double beta : new double[] {-0.1, 1, Double.NaN}) {
      assertThatThrownBy(() -> new AdamW.Config(beta, 0.95, 1e-8, 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("betas must be in [0, 1): " + beta + ", 0.95");
    }
    assertThatThrownBy(() -> new AdamW.Config(0.9, 0.95, 0, 0.1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("epsilon must be positive and weight decay not negative: 0.0, 0.1");
  }
}
