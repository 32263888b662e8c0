package dev.tiebreak.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The norm over all weights and the factor that follows from it. */
class GradientClipTest {
  private final Workbench bench = new Workbench();

  @AfterEach
  void close() {
    bench.close();
  }

  private Parameter withGradient(String name, double... gradient) {
    Tensor weight = bench.normal(DType.F64, gradient.length);
    bench.giveGradient(weight, bench.kept().of(gradient, gradient.length));
    return new Parameter(name, weight, false);
  }

  private double norm(List<Parameter> parameters) {
    try (Tape _ = bench.infer()) {
      return GradientClip.norm(parameters).item();
    }
  }

  private double coefficient(double norm, double limit) {
    try (Tape _ = bench.infer()) {
      return GradientClip.coefficient(bench.kept().of(new double[] {norm}, 1), limit).item();
    }
  }

  @Test
  void theNormIsThatOfAllGradientsTogether() {
    List<Parameter> parameters = List.of(withGradient("a", 2, -4), withGradient("b", 5, 0, 6));
    assertThat(norm(parameters)).isEqualTo(9);
  }

  @Test
  void weightsWithoutAGradientDoNotCount() {
    Parameter stale = withGradient("stale", 100);
    stale.tensor().clearGradient();
    Parameter never = new Parameter("never", bench.normal(DType.F64, 3).requireGradient(), false);
    assertThat(norm(List.of(stale, withGradient("a", 3, 4), never))).isEqualTo(5);
  }

  @Test
  void theFactorBringsTheNormDownToTheLimitAndNeverUp() {
    assertThat(coefficient(4, 1)).isEqualTo(1 / 4.000001);
    assertThat(coefficient(0.5, 1)).isEqualTo(1);
    assertThat(coefficient(0, 1)).isEqualTo(1);
    assertThat(coefficient(1, 1)).isCloseTo(1, within(1e-6)).isLessThan(1);
  }

  @Test
  void anInfiniteLimitIsNone() {
    for (double norm : new double[] {0, 1e-3, 1e30}) {
      assertThat(coefficient(norm, Double.POSITIVE_INFINITY)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, Double.POSITIVE_INFINITY})
  void aNormThatIsNotFiniteGivesNoNumber(double limit) {
    assertThat(coefficient(Double.NaN, limit)).isNaN();
    assertThat(coefficient(Double.POSITIVE_INFINITY, limit)).isNaN();
  }
}
