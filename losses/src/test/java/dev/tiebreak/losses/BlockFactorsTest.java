package dev.tiebreak.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.losses.ScalingSettings.Target;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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
  void whatTheCapTakesIsGivenToTheOthersInProportion() {
    assertThat(factors(1.5, true, 1, 2, 6))
        .containsExactly(new double[] {0.5, 1, 1.5}, within(1e-15));
    assertThat(factors(1.2, true, 1, 2, 6)) // the second reaches the cap, too
        .containsExactly(new double[] {0.6, 1.2, 1.2}, within(1e-15));
    assertThat(factors(2, true, 5, 0, 0, 0)) // blocks that rest share it
        .containsExactly(new double[] {2, 2 / 3.0, 2 / 3.0, 2 / 3.0}, within(1e-9));
    assertThat(factors(1, true, 5, 2, 1)).containsExactly(1, 1, 1);
  }

  @Test
  void aCapThatCutsNoneChangesNoBit() {
    double[] d = {0.31, 4.7, 1e-3, 0.2, 0.9, 1.1};
    assertThat(factors(5, true, d)).isEqualTo(factors(INF, true, d));
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void noFactorIsAboveTheCapAndTheirMeanIsOne(DType type) {
    Random random = new Random(7);
    for (int i = 0; i < 10_000; i++) {
      int blocks = 2 + i % 63;
      double spread = random.nextDouble(6);
      double[] d =
          random.doubles(blocks).map(x -> Math.exp(spread * (random.nextGaussian() + x))).toArray();
      double cap = i % 4 == 0 ? 1 : 1 + random.nextDouble(4);
      ScalingSettings settings = ScalingSettings.divergence(Target.GRADIENT, cap, true);
      try (Tape tape = bench.infer()) {
        double[] f = LayerScaling.factors(tape.scope().of(type, d, blocks), settings).toDoubles();
        double most = type == DType.F32 ? (float) cap : cap;
        assertThat(Arrays.stream(f).max().orElseThrow()).isLessThanOrEqualTo(most);
        assertThat(Arrays.stream(f).average().orElseThrow())
            .as("cap %s, d %s, f %s", cap, Arrays.toString(d), Arrays.toString(f))
            .isCloseTo(1, within(1e-6));
      }
    }
  }

  @Test
  void aCapBelowOneCannotHaveMeanOne() {
    assertThatThrownBy(() -> ScalingSettings.divergence(Target.GRADIENT, 0.9, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "cap is 0.9; it must be 1 or more, as factors of mean 1 cannot all be below 1;"
                + " or set renormalise = false");
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
