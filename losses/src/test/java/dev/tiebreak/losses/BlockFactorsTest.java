package dev.tiebreak.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.losses.ScalingSettings.Target;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From d to f. */
class BlockFactorsTest {
  private static final double INF = Double.POSITIVE_INFINITY;

  private final Workbench bench = new Workbench();

  @AfterEach
  void close() {
    bench.close();
  }

  private double[] factors(double cap, boolean renormalise, double... divergences) {
    ScalingSettings settings = ScalingSettings.divergence(Target.GRADIENT, cap, renormalise);
    Tensor d = bench.kept().of(divergences, divergences.length);
    try (Tape _ = bench.infer()) {
      return LayerScaling.factors(d, settings).toDoubles();
    }
  }

  @Test
  void factorsAreProportionalToDivergenceAndHaveMeanOne() {
    assertThat(factors(INF, false, 1, 2, 6)).containsExactly(new double[] {1 / 3.0, 2 / 3.0, 2});
    double[] many = factors(INF, false, 0.31, 4.7, 1e-3, 0.2, 0.9, 1.1);
    assertThat(Arrays.stream(many).average().orElseThrow()).isCloseTo(1, within(1e-15));
  }

  @Test
  void theCapCutsAndLowersTheMean() {
    assertThat(factors(1.5, false, 1, 2, 6)).containsExactly(new double[] {1 / 3.0, 2 / 3.0, 1.5});
  }

  @Test
  void renormalisingAfterTheCapBringsTheMeanBackToOne() {
    double[] factors = factors(1.5, true, 1, 2, 6);
    double mean = 2.5 / 3;
    double[] expected = {1 / 3.0 / mean, 2 / 3.0 / mean, 1.5 / mean};
    assertThat(factors).containsExactly(expected, within(1e-15));
    assertThat(Arrays.stream(factors).average().orElseThrow()).isCloseTo(1, within(1e-15));
  }

  @Test
  void oneBlockIsLeftAsItIs() {
    assertThat(factors(2, false, 0.37)).containsExactly(1);
  }

  @Test
  void blocksThatChangeNothingAreLeftAsTheyAre() {
    assertThat(factors(2, true, 0, 0, 0)).containsExactly(1, 1, 1);
    assertThat(factors(0.5, false, 0, 0)).containsExactly(1, 1);
  }

  @Test
  void theOrderOfBlocksDoesNotMatter() {
    double[] turned = factors(1.5, true, 6, 1, 2);
    double[] straight = factors(1.5, true, 1, 2, 6);
    assertThat(turned).containsExactly(straight[2], straight[0], straight[1]);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN})
  void aCapThatIsNotPositiveIsNamed(double cap) {
    assertThatThrownBy(() -> ScalingSettings.divergence(Target.GRADIENT, cap, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cap is " + cap + "; it must be a number above 0, or inf for no cap");
  }
}
