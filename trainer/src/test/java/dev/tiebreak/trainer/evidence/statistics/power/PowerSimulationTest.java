package dev.tiebreak.trainer.evidence.statistics.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.trainer.evidence.statistics.power.PowerSimulation.Design;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PowerSimulationTest {
  @ParameterizedTest
  @CsvSource({"3, 0.002, 0.93", "3, 0.004, 0.52", "5, 0.004, 0.86"})
  void thePowerOfTostIsThatOfTheDesignStudy(int seeds, double sd, double expected) {
    double power = PowerSimulation.ofTost(seeds, 0.01, 0.004, sd, 0.05, 10_000, 1);
    assertThat(power).isCloseTo(expected, within(0.02));
  }

  @Test
  void aDifferenceOnTheMarginIsTakenForATieWithAlphaOnly() {
    assertThat(PowerSimulation.ofTost(6, 0.01, 0.01, 0.002, 0.05, 10_000, 1))
        .isCloseTo(0.05, within(0.01));
  }

  @Test
  void aDesignNeedsOneOfEverything() {
    assertThatThrownBy(() -> Design.usual(1, 0, 2, 3, 0.6, 0.03))
        .hasMessage("a design needs one of everything");
  }
}
