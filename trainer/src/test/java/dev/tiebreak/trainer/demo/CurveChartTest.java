package dev.tiebreak.trainer.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.trainer.train.EvaluationPoint;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CurveChartTest {
  /** A curve with a point at 0, 10, 20 and so on. */
  static List<EvaluationPoint> curve(double... losses) {
    List<EvaluationPoint> points = new ArrayList<>();
    for (int i = 0; i < losses.length; i++) {
      points.add(new EvaluationPoint(10L * i, losses[i], i));
    }
    return points;
  }

  private static String draw(
      int width, int height, List<EvaluationPoint> first, List<EvaluationPoint> second) {
    return String.join("\n", new CurveChart(width, height).draw("a", first, "b", second)) + "\n";
  }

  @Test
  void curvesGoDownToTheRight() {
    assertThat(draw(11, 5, curve(5, 3, 2, 1), curve(5, 4, 3, 2)))
        .isEqualTo(
            """
              5.000 |*
                    |   x
                    |   o   x
              2.000 |       o  x
              1.000 |          o
                    +-----------
                     0   step 30
                     o a   x b   * both at the same place
            """);
  }

  @Test
  void equalCurvesLieOnEachOther() {
    assertThat(draw(11, 3, curve(4, 2), curve(4, 2)))
        .isEqualTo(
            """
              4.000 |*
                    |
              2.000 |          *
                    +-----------
                     0   step 10
                     o a   x b   * both at the same place
            """);
  }

  @Test
  void onePointIsDrawn() {
    String one =
        """
          3.500 |
                |
          2.500 |*
                +------
                 0 step 0
                 o a   x b   * both at the same place
        """;
    assertThat(draw(6, 3, curve(2.5), curve(2.5))).isEqualTo(one);
  }

  @Test
  void aCurveWithMorePointsThanColumnsIsNotTakenForTwo() {
    String chart = draw(4, 2, curve(9, 9, 9, 9, 9, 9, 9, 9, 9), curve(1));
    assertThat(chart.lines().limit(2)).containsExactly("  9.000 |oooo", "  1.000 |x");
  }

  @Test
  void pointsThatAreNoNumbersAreLeftOut() {
    assertThat(
            draw(
                11,
                3,
                curve(4, Double.NaN, 3, 2),
                curve(Double.POSITIVE_INFINITY, Double.NaN, Double.NaN, 3)))
        .isEqualTo(
            """
              4.000 |o
                    |       o  x
              2.000 |          o
                    +-----------
                     0   step 30
                     o a   x b   * both at the same place
            """);
    assertThat(draw(4, 2, curve(Double.NaN), curve(Double.NaN)).lines().limit(2))
        .containsExactly("  1.000 |", "  0.000 |");
  }

  @Test
  void everyPointIsInsideTheGrid() {
    for (int width = 2; width < 20; width++) {
      for (int height = 2; height < 9; height++) {
        List<String> lines =
            new CurveChart(width, height)
                .draw("a", curve(7.123, 1.456, 3.3, 0.1), "b", curve(6.9, 1e-9, 12));
        assertThat(lines).hasSize(height + 3);
        int widest = 9 + width;
        assertThat(lines.subList(0, height)).allMatch(line -> line.length() <= widest);
      }
    }
  }

  @Test
  void whatCannotBeDrawnIsRefused() {
    assertThatThrownBy(() -> new CurveChart(1, 5)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new CurveChart(5, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> draw(5, 5, List.of(), curve(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a curve needs at least one point");
  }
}
