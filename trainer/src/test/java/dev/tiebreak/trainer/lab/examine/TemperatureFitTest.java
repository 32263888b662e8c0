package dev.tiebreak.trainer.lab.examine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemperatureFitTest {
  /** The loss of logits (0, a) of which a share is right: log(1 + e^(a / T)) - share a / T. */
  private static double loss(double a, double share, double temperature) {
    return Math.log1p(Math.exp(a / temperature)) - share * a / temperature;
  }

  private static TemperatureFit fit(double a, double share) {
    return TemperatureFit.of(
        Arrays.stream(TemperatureFit.temperatures()).map(t -> loss(a, share, t)).toArray());
  }

  @ParameterizedTest
  @CsvSource({"2, 0.8", "1, 0.8", "2.2, 0.9", "4, 0.9", "3, 0.95", "1.5, 0.68"})
  void twoLogitsFitWhereTheirOddsAreTheShareThatIsRight(double a, double share) {
    double exact = a / Math.log(share / (1 - share));
    TemperatureFit fit = fit(a, share);
    assertThat(fit.temperature()).isCloseTo(exact, within(1e-4));
    assertThat(fit.loss()).isCloseTo(loss(a, share, exact), within(1e-6));
    assertThat(fit.atEdge()).isFalse();
  }

  @Test
  void aMinimumBeyondTheRangeIsSaid() {
    TemperatureFit hot = fit(10, 0.7); // T* = 11.8
    assertThat(hot.atEdge()).isTrue();
    assertThat(hot.temperature()).isCloseTo(2, within(1e-12));
    assertThat(hot.loss()).isCloseTo(loss(10, 0.7, 2), within(1e-12));
    TemperatureFit cold = fit(0.5, 0.99); // T* = 0.11
    assertThat(cold.atEdge()).isTrue();
    assertThat(cold.temperature()).isCloseTo(0.5, within(1e-12));
  }

  @Test
  void theTemperaturesGoFromAHalfToTwoAndMeetOne() {
    double[] temperatures = TemperatureFit.temperatures();
    assertThat(temperatures[0]).isCloseTo(2, within(1e-12));
    assertThat(temperatures[temperatures.length - 1]).isCloseTo(0.5, within(1e-12));
    assertThat(temperatures[TemperatureFit.one()]).isEqualTo(1);
  }
}
