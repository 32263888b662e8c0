package dev.tiebreak.trainer.evidence.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.trainer.evidence.chart.LinePlot.Curve;
import dev.tiebreak.trainer.evidence.chart.LinePlot.Value;
import dev.tiebreak.trainer.evidence.document.Markup;
import dev.tiebreak.trainer.evidence.statistics.Interval;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class FiguresTest {
  private static final Pattern TAG =
      Pattern.compile("<(/?)(\\w+)((?: [\\w-]+=\"[^\"<]*\")*)(/?)>([^<>]*)");
  private static final Pattern ATTRIBUTE = Pattern.compile("([\\w-]+)=\"([^\"]*)\"");

  /** One element and the text that follows its beginning. */
  private record Element(String name, Map<String, String> attributes, String text) {
    String get(String attribute) {
      return attributes.getOrDefault(attribute, "");
    }
  }

  /** All elements in their order; the picture must be well-formed. */
  private static List<Element> parse(String svg) {
    assertThat(TAG.matcher(svg).replaceAll("")).as("what is no element").isEmpty();
    List<Element> elements = new ArrayList<>();
    Deque<String> open = new ArrayDeque<>();
    Matcher tag = TAG.matcher(svg);
    while (tag.find()) {
      if (!tag.group(1).isEmpty()) {
        assertThat(open.pop()).isEqualTo(tag.group(2));
        continue;
      }
      Map<String, String> attributes = new HashMap<>();
      Matcher attribute = ATTRIBUTE.matcher(tag.group(3));
      while (attribute.find()) {
        attributes.put(attribute.group(1), attribute.group(2));
      }
      assertThat(attributes.values()).noneMatch(value -> value.contains("NaN"));
      String text = tag.group(5).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
      elements.add(new Element(tag.group(2), attributes, text));
      if (tag.group(4).isEmpty()) {
        open.push(tag.group(2));
      }
    }
    assertThat(open).isEmpty();
    return elements;
  }

  private static List<Element> all(List<Element> picture, String name) {
    return picture.stream().filter(element -> element.name().equals(name)).toList();
  }

  private static double number(Element element, String attribute) {
    return Double.parseDouble(element.get(attribute));
  }

  /** No text may leave the picture, by the estimate of its width. */
  private static void assertInside(List<Element> picture) {
    double width = number(picture.getFirst(), "width");
    double height = number(picture.getFirst(), "height");
    for (Element text : all(picture, "text")) {
      double wide = Svg.widthOf(text.text());
      double x = number(text, "x");
      double left =
          switch (text.get("text-anchor")) {
            case "end" -> x - wide;
            case "middle" -> x - wide / 2;
            default -> x;
          };
      assertThat(left).as(text.text()).isBetween(0.0, width - wide);
      assertThat(number(text, "y")).isBetween(10.0, height - 4);
    }
  }

  private static Curve curve(String name, int i, double... values) {
    List<Value> points = new ArrayList<>();
    for (int step = 0; step < values.length; step++) {
      points.add(new Value(10.0 * step, values[step], values[step] - 0.1, values[step] + 0.1));
    }
    return new Curve(name, Palette.kind(i), points);
  }

  @Test
  void aLinePlotHasACurveABandAndANameForEach() {
    LinePlot plot =
        new LinePlot(
            "Loss & <more>",
            "training step",
            List.of(
                curve("baseline", 0, 7, 5, 4), curve("divergence-update", 1, 7, Double.NaN, 4.2)),
            List.of(0.0, 4.0));
    List<Element> picture = parse(plot.svg());
    assertThat(all(picture, "polyline")).hasSize(2);
    assertThat(all(picture, "polygon")).hasSize(2);
    assertThat(all(picture, "polyline").getLast().get("points").split(" ")).hasSize(2);
    assertThat(all(picture, "text"))
        .extracting(Element::text)
        .contains("Loss & <more>", "baseline", "divergence-update", "training step");
    assertInside(picture);
    assertThat(plot.svg()).isEqualTo(plot.svg());
  }

  @Test
  void aCurveWithoutRangeHasNoBand() {
    Curve plain = new Curve("one", Palette.kind(0), List.of(new Value(0, 1), new Value(5, 2)));
    List<Element> picture = parse(new LinePlot("t", "x", List.of(plain), List.of()).svg());
    assertThat(all(picture, "polygon")).isEmpty();
    assertThat(all(picture, "polyline")).hasSize(1);
  }

  @Test
  void manyNamesMakeTheLinePlotHigher() {
    List<Curve> blocks = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      blocks.add(new Curve("block " + i, Palette.shade(i, 24), List.of(new Value(0, i))));
    }
    assertInside(parse(new LinePlot("t", "x", blocks, List.of()).svg()));
  }

  @Test
  void aDotPlotShadesTheMarginAndMarksTheSeeds() {
    Interval interval = new Interval(0.9, -0.004, 0.008);
    DotPlot plot =
        new DotPlot(
            "Differences",
            "nats per token",
            List.of(
                new DotPlot.Row("gain", Palette.kind(0), List.of(0.001, 0.003), interval, "tie"),
                new DotPlot.Row("divergence-update", Palette.kind(1), List.of(-0.02), "unknown")),
            OptionalDouble.of(0),
            0.01,
            "a note");
    List<Element> picture = parse(plot.svg());
    assertThat(all(picture, "circle")).hasSize(3 + 2);
    Element band = all(picture, "rect").getLast();
    Element zero =
        all(picture, "line").stream()
            .filter(line -> line.get("stroke-width").equals("1.5"))
            .findFirst()
            .orElseThrow();
    double middle = number(band, "x") + number(band, "width") / 2;
    assertThat(middle).isBetween(number(zero, "x1") - 0.1, number(zero, "x1") + 0.1);
    long bars =
        all(picture, "line").stream()
            .filter(line -> line.get("stroke-width").equals("2.5"))
            .count();
    assertThat(bars).as("one interval: a bar and its ends").isEqualTo(3);
    assertInside(picture);
  }

  @Test
  void anEmptyDotPlotIsAPicture() {
    assertInside(parse(new DotPlot("t", "x", List.of(), OptionalDouble.empty(), 0, "").svg()));
  }

  @Test
  void looksDiffer() {
    Set<Palette> looks = new HashSet<>();
    for (int i = 0; i < 35; i++) {
      looks.add(Palette.kind(i));
    }
    assertThat(looks).hasSize(35);
    assertThat(Palette.shade(0, 1).colour()).isEqualTo(Palette.shade(0, 9).colour());
    assertThat(Palette.shade(8, 9).colour()).isEqualTo("#e69f00");
  }

  @Test
  void whatXmlDoesNotAllowIsLeftOut() {
    assertThat(Markup.escape("a\u0000<b> & \"c\"")).isEqualTo("a &lt;b&gt; &amp; &quot;c&quot;");
  }
}
