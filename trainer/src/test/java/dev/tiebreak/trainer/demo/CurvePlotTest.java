package dev.tiebreak.trainer.demo;

import static dev.tiebreak.trainer.demo.CurveChartTest.curve;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.trainer.train.EvaluationPoint;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class CurvePlotTest {
  private static final Pattern TAG =
      Pattern.compile("<(/?)(\\w+)((?: [\\w-]+=\"[^\"<&]*\")*)(/?)>");
  private static final Pattern POINTS = Pattern.compile("<polyline points=\"([^\"]*)\"");

  private static String svg(List<EvaluationPoint> first, List<EvaluationPoint> second) {
    return CurvePlot.svg("baseline", first, "both", second);
  }

  /** The coordinates of each curve, as they stand in the picture. */
  private static List<String> polylines(String svg) {
    return POINTS.matcher(svg).results().map(match -> match.group(1)).toList();
  }

  /** That every tag is closed, in order, and nothing else needs escaping. */
  private static void assertWellFormed(String svg) {
    Deque<String> open = new ArrayDeque<>();
    Matcher tag = TAG.matcher(svg);
    int end = 0;
    while (tag.find()) {
      assertThat(svg.substring(end, tag.start())).doesNotContain("<", ">", "&", "NaN", "Infinity");
      end = tag.end();
      assertThat(tag.group(3)).doesNotContain("NaN", "Infinity");
      if (!tag.group(1).isEmpty()) {
        assertThat(open.pop()).isEqualTo(tag.group(2));
      } else if (tag.group(4).isEmpty()) {
        open.push(tag.group(2));
      }
    }
    assertThat(open).isEmpty();
    assertThat(svg.substring(end)).isEqualTo("\n");
    assertThat(svg).startsWith("<svg xmlns=\"http://www.w3.org/2000/svg\" ");
  }

  @Test
  void pointsAreWhereTheAxesSay() {
    String svg = svg(curve(4, 3, 2), curve(4, 2.5, 3));
    assertWellFormed(svg);
    assertThat(polylines(svg))
        .containsExactly("64.0,48.0 380.0,198.0 696.0,348.0", "64.0,48.0 380.0,273.0 696.0,198.0");
    assertThat(svg)
        .contains("<text x=\"56.0\" y=\"52.0\" text-anchor=\"end\" fill=\"#444444\">4.00</text>")
        .contains("<text x=\"56.0\" y=\"352.0\" text-anchor=\"end\" fill=\"#444444\">2.00</text>")
        .contains("<text x=\"696.0\" y=\"368.0\" text-anchor=\"middle\" fill=\"#444444\">20</text>")
        .contains(">baseline</text>", ">both</text>", "nats per token");
  }

  @Test
  void theCurvesCanBeToldApartWithoutColour() {
    assertThat(svg(curve(4, 3), curve(4, 3)).split("stroke-dasharray")).hasSize(3);
  }

  @Test
  void equalAndConstantCurvesOnePointAndNoNumbersAreDrawn() {
    String line = "64.0,48.0 696.0,348.0";
    assertThat(polylines(svg(curve(4, 3), curve(4, 3)))).containsExactly(line, line);
    for (List<EvaluationPoint> curve :
        List.of(
            curve(2),
            curve(3, 3, 3),
            curve(4, Double.NaN, 2),
            curve(Double.NaN),
            curve(Double.NaN, Double.NEGATIVE_INFINITY))) {
      assertWellFormed(svg(curve, curve));
    }
    assertThat(polylines(svg(curve(4, Double.NaN, 2), curve(Double.NaN))))
        .containsExactly(line, "");
  }
}
