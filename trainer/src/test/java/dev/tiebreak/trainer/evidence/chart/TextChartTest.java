package dev.tiebreak.trainer.evidence.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.trainer.evidence.chart.LinePlot.Curve;
import dev.tiebreak.trainer.evidence.chart.LinePlot.Value;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextChartTest {
  private static Curve curve(String name, double... values) {
    List<Value> points = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      points.add(new Value(50L * i, values[i]));
    }
    return new Curve(name, Palette.kind(0), points);
  }

  private static List<String> draw(Curve... curves) {
    return new TextChart(9, 5).draw(List.of(curves));
  }

  @Test
  void curvesHaveMarksAndAStarWhereSeveralLie() {
    assertThat(draw(curve("baseline", 5, 3, 1), curve("both", 5, 4, 1)))
        .containsExactly(
            "  5.000 |*",
            "        |    x",
            "        |    o",
            "  2.000 |",
            "  1.000 |        *",
            "        +---------",
            "         0 step 100",
            "         o baseline   x both   * both at the same place");
  }

  @Test
  void anyNumberOfCurvesUpToEight() {
    List<String> lines = draw(curve("a", 1), curve("b", 2), curve("c", 3));
    assertThat(lines.getFirst()).isEqualTo("  3.000 |+");
    assertThat(lines.getLast()).isEqualTo("         o a   x b   + c   * several at the same place");
    assertThatThrownBy(() -> new TextChart(9, 5).draw(List.of()))
        .hasMessage("cannot draw 0 curves as text");
    List<Curve> nine = java.util.Collections.nCopies(9, curve("a", 1));
    assertThatThrownBy(() -> new TextChart(9, 5).draw(nine)).hasMessageContaining("9 curves");
  }

  @Test
  void longNamesBreakTheLine() {
    List<String> lines =
        draw(curve("divergence-update", 1), curve("divergence-shuffled", 2), curve("c", 3));
    assertThat(lines).endsWith("         + c   * several at the same place");
    assertThat(lines).allMatch(line -> line.length() <= 57);
  }

  @Test
  void whatIsNotFiniteIsLeftOut() {
    assertThat(draw(curve("a", 1, Double.NaN, 2)))
        .filteredOn(line -> line.contains("|") && line.contains("o"))
        .hasSize(2);
    assertThat(draw(curve("flat", 3, 3, 3))).anyMatch(line -> line.equals("  3.000 |o   o   o"));
  }

  @Test
  void aChartNeedsRoom() {
    assertThatThrownBy(() -> new TextChart(1, 5))
        .hasMessage("a chart needs at least 2 columns and 2 rows");
  }
}
