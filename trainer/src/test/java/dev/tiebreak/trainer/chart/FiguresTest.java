package dev.tiebreak.trainer.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.trainer.chart.LinePlot.Curve;
import dev.tiebreak.trainer.chart.LinePlot.Value;
import dev.tiebreak.trainer.statistics.Interval;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class FiguresTest {
  private static Document parse(String svg) {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(svg)));
    } catch (Exception e) {
      throw new AssertionError(svg, e);
    }
  }

  private static List<Element> all(Document picture, String name) {
    NodeList nodes = picture.getElementsByTagName(name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }

  private static double number(Element element, String attribute) {
    return Double.parseDouble(element.getAttribute(attribute));
  }

  /** No text may leave the picture, by the estimate of its width. */
  private static void assertInside(Document picture) {
    double width = number(picture.getDocumentElement(), "width");
    double height = number(picture.getDocumentElement(), "height");
    for (Element text : all(picture, "text")) {
      double wide = Svg.widthOf(text.getTextContent());
      double x = number(text, "x");
      double left =
          switch (text.getAttribute("text-anchor")) {
            case "end" -> x - wide;
            case "middle" -> x - wide / 2;
            default -> x;
          };
      assertThat(left).as(text.getTextContent()).isBetween(0.0, width - wide);
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
    Document picture = parse(plot.svg());
    assertThat(all(picture, "polyline")).hasSize(2);
    assertThat(all(picture, "polygon")).hasSize(2);
    assertThat(all(picture, "polyline").getLast().getAttribute("points").split(" ")).hasSize(2);
    assertThat(all(picture, "text"))
        .extracting(Element::getTextContent)
        .contains("Loss & <more>", "baseline", "divergence-update", "training step");
    assertInside(picture);
    assertThat(plot.svg()).isEqualTo(plot.svg());
  }

  @Test
  void aCurveWithoutRangeHasNoBand() {
    Curve plain = new Curve("one", Palette.kind(0), List.of(new Value(0, 1), new Value(5, 2)));
    Document picture = parse(new LinePlot("t", "x", List.of(plain), List.of()).svg());
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
    Document picture = parse(plot.svg());
    assertThat(all(picture, "circle")).hasSize(3 + 2);
    Element band = all(picture, "rect").getLast();
    Element zero =
        all(picture, "line").stream()
            .filter(line -> line.getAttribute("stroke-width").equals("1.5"))
            .findFirst()
            .orElseThrow();
    double middle = number(band, "x") + number(band, "width") / 2;
    assertThat(middle).isBetween(number(zero, "x1") - 0.1, number(zero, "x1") + 0.1);
    long bars =
        all(picture, "line").stream()
            .filter(line -> line.getAttribute("stroke-width").equals("2.5"))
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
    assertThat(Svg.escape("a\u0000<b> & \"c\"")).isEqualTo("a &lt;b&gt; &amp; &quot;c&quot;");
  }
}
