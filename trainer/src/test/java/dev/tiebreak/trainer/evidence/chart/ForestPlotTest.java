package dev.tiebreak.trainer.evidence.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.trainer.evidence.statistics.Interval;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Forest plots and histograms: everything that is drawn lies inside. */
class ForestPlotTest {
  private static final Interval NONE = new Interval(0.95, Double.NaN, Double.NaN);

  private static void isInside(String svg) {
    assertThat(svg).doesNotContain("NaN", "Infinity");
    Matcher places = Pattern.compile(" (?:x|x1|x2|cx)=\"(-?[0-9.]+)\"").matcher(svg);
    while (places.find()) {
      assertThat(Double.parseDouble(places.group(1))).isBetween(0.0, 760.0);
    }
  }

  private static ForestPlot plot(List<ForestPlot.Row> rows) {
    return new ForestPlot("a title", "a rate", rows, 50, "a note");
  }

  @Test
  void rowsWithoutValuesAreLeftOutAndNothingIsDrawnOutside() {
    ForestPlot.Row whole =
        new ForestPlot.Row("all", 60, new Interval(0.95, 55, 65), 70, "60 %", false);
    ForestPlot.Row bare = new ForestPlot.Row("bare", 40, NONE, Double.NaN, "", true);
    ForestPlot.Row none = new ForestPlot.Row("none", Double.NaN, NONE, Double.NaN, "", false);
    String svg = plot(List.of(whole, bare, none)).svg();
    isInside(svg);
    assertThat(svg).contains(">all<", ">bare<").doesNotContain(">none<");
    isInside(plot(List.of()).svg());
  }

  @Test
  void manyRowsAndLongNamesFit() {
    List<ForestPlot.Row> rows =
        IntStream.range(0, 60)
            .mapToObj(i ->
                new ForestPlot.Row(
                    "a very long name of a prompt that goes on and on " + i,
                    i,
                    new Interval(0.95, i - 5, i + 5),
                    Double.NaN,
                    "",
                    false))
            .toList();
    String svg = plot(rows).svg();
    isInside(svg);
    assertThat(svg).contains("\u2026<").contains("height=\"1024\"");
  }

  @Test
  void histogramsOfEverySizeAreInside() {
    List<Histogram.Named> none = List.of(new Histogram.Named("no", Palette.kind(0), new double[0]));
    isInside(new Histogram("t", "x", none, 10, OptionalDouble.empty(), "").svg());
    List<Histogram.Named> equal =
        List.of(new Histogram.Named("one", Palette.kind(0), new double[] {2, 2, Double.NaN}));
    isInside(new Histogram("t", "x", equal, 10, OptionalDouble.of(9), "seen").svg());
  }
}
