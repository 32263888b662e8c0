package dev.tiebreak.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

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

  @Test
  void theNormIsThatOfAllGradientsTogether() {
    List<Parameter> parameters = List.of(withGradient("a", 2, -4), withGradient("b", 5, 0, 6));
    assertThat(GradientClip.norm(parameters)).isEqualTo(9);
  }

  @Test
  void weightsWithoutAGradientDoNotCount() {
    Parameter stale = withGradient("stale", 100);
    stale.tensor().clearGradient();
    Parameter never = new Parameter("never", bench.normal(DType.F64, 3).requireGradient(), false);
    assertThat(GradientClip.norm(List.of(stale, withGradient("a", 3, 4), never))).isEqualTo(5);
  }

  @Test
  void theFactorBringsTheNormDownToTheLimitAndNeverUp() {
    assertThat(GradientClip.coefficient(4, 1)).isEqualTo(1 / 4.000001);
    assertThat(GradientClip.coefficient(0.5, 1)).isEqualTo(1);
    assertThat(GradientClip.coefficient(0, 1)).isEqualTo(1);
    assertThat(GradientClip.coefficient(1, 1)).isCloseTo(1, within(1e-6)).isLessThan(1);
  }

  @Test
  void aNormThatIsNotANumberStaysVisible() {
    assertThat(GradientClip.coefficient(Double.NaN, 1)).isNaN();
  }
}
