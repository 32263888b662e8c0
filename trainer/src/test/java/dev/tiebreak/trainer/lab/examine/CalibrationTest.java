package dev.tiebreak.trainer.lab.examine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CalibrationTest {
  @Test
  void theErrorIsTheGapOfEachBinByItsTokens() {
    // Bin 15: 0.95 and 0.97, one right: |1 - 1.92|. Bin 8 (up to 8/15): 0.5 and 8/15, both right.
    // Bin 2: 0.1, wrong. In all 0.92 + (2 - 0.5 - 8/15) + 0.1 over 5 tokens.
    double edge = 8 / 15.0;
    double error =
        Calibration.error(
            new double[] {0.95, 0.5, 0.97, edge, 0.1},
            new boolean[] {true, true, false, true, false});
    assertThat(error).isCloseTo((0.92 + (1.5 - edge) + 0.1) / 5, within(1e-15));
  }

  @Test
  void whoIsRightAsOftenAsSaidHasNoError() {
    double error =
        Calibration.error(
            new double[] {0.75, 0.75, 0.75, 0.75, 1},
            new boolean[] {true, false, true, true, true});
    assertThat(error).isCloseTo(0, within(1e-15));
  }

  @Test
  void whoIsSureAndWrongHasTheLargest() {
    assertThat(Calibration.error(new double[] {1, 1}, new boolean[] {false, false})).isEqualTo(1);
  }
}
