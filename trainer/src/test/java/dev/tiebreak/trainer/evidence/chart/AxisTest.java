package dev.tiebreak.trainer.evidence.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AxisTest {
  private static String marks(Axis axis) {
    return String.join(" ", axis.marks().stream().map(axis::label).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0      | 500     | 0 100 200 300 400 500
          0      | 30000   | 0 5,000 10,000 15,000 20,000 25,000 30,000
          0      | 4000000 | 0 1M 2M 3M 4M
          0      | 7       | 0 2 4 6
          -0.013 | 0.012   | -0.010 -0.005 0.000 0.005 0.010
          3.9    | 7.1     | 4 5 6 7
          """)
  void marksAreRoundNumbers(double least, double most, String expected) {
    assertThat(marks(Axis.exact(least, most, 0, 600, 6))).isEqualTo(expected);
  }

  @Test
  void placesAreProportional() {
    Axis axis = Axis.exact(10, 20, 300, 100, 5); // upwards
    assertThat(axis.at(10)).isEqualTo(300);
    assertThat(axis.at(15)).isEqualTo(200);
    assertThat(axis.at(20)).isEqualTo(100);
  }

  @Test
  void aSingleValueGetsRoomAroundIt() {
    Axis axis = Axis.around(3, 3, 0, 100, 4);
    assertThat(axis.at(3)).isCloseTo(50, within(1e-9));
    assertThat(axis.marks()).hasSizeBetween(2, 5).contains(3.0);
    assertThat(Axis.around(0, 0, 0, 100, 4).marks()).contains(0.0);
    assertThat(Axis.exact(0, 0, 0, 100, 4).marks()).startsWith(0.0);
  }
}
