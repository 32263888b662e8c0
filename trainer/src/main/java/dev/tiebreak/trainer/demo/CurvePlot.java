package dev.tiebreak.trainer.demo;

import dev.tiebreak.trainer.AtomicFiles;
import dev.tiebreak.trainer.UserError;
import dev.tiebreak.trainer.train.EvaluationPoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Two validation curves as an SVG picture: colours that colour-blind people can tell apart. */
public final class CurvePlot {
  /** Name of the picture in the demo's folder. */
  public static final String FILE = "curves.svg";

  private static final int WIDTH = 720;
  private static final int HEIGHT = 400;
  private static final int LEFT = 64;
  private static final int RIGHT = 24;
  private static final int TOP = 48;
  private static final int BOTTOM = 52;
  private static final int TICKS = 5;
  private static final String FIRST_COLOUR = "#0072b2";
  private static final String SECOND_COLOUR = "#d55e00";

  private final double low;
  private final double high;
  private final long lastStep;

  private CurvePlot(List<EvaluationPoint> first, List<EvaluationPoint> second) {
    low = points(first, second).mapToDouble(EvaluationPoint::loss).min().orElse(0);
    double most = points(first, second).mapToDouble(EvaluationPoint::loss).max().orElse(1);
    high = most > low ? most : low + 1;
    lastStep =
        points(first, second).mapToLong(EvaluationPoint::step).filter(s -> s > 0).max().orElse(1);
  }

  private static Stream<EvaluationPoint> points(
      List<EvaluationPoint> first, List<EvaluationPoint> second) {
    return Stream.concat(first.stream(), second.stream())
        .filter(point -> Double.isFinite(point.loss()));
  }

  /** The picture of the twins' curves. */
  static String svg(
      String firstName,
      List<EvaluationPoint> first,
      String secondName,
      List<EvaluationPoint> second) {
    CurvePlot plot = new CurvePlot(first, second);
    StringBuilder svg = new StringBuilder();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" \
        font-family="sans-serif" font-size="13" role="img">
        <title>Validation loss of %s and %s over training steps</title>
        <rect width="100%%" height="100%%" fill="#ffffff"/>
        <text x="%d" y="26" font-size="16" fill="#222222">Validation loss \
        (plain cross-entropy, nats per token)</text>
        """
            .formatted(WIDTH, HEIGHT, WIDTH, HEIGHT, firstName, secondName, LEFT));
    plot.axes(svg);
    plot.curve(svg, first, FIRST_COLOUR, "");
    plot.curve(svg, second, SECOND_COLOUR, " stroke-dasharray=\"7 4\"");
    plot.legend(svg, 0, firstName, FIRST_COLOUR, "");
    plot.legend(svg, 1, secondName, SECOND_COLOUR, " stroke-dasharray=\"7 4\"");
    return svg.append("</svg>\n").toString();
  }

  private double x(double step) {
    return LEFT + (WIDTH - LEFT - RIGHT) * step / lastStep;
  }

  private double y(double loss) {
    return TOP + (HEIGHT - TOP - BOTTOM) * (high - loss) / (high - low);
  }

  private void axes(StringBuilder svg) {
    for (int i = 0; i <= TICKS; i++) {
      double loss = low + (high - low) * i / TICKS;
      long step = Math.round((double) lastStep * i / TICKS);
      line(svg, LEFT, y(loss), WIDTH - RIGHT, y(loss), "#dddddd");
      label(svg, LEFT - 8, y(loss) + 4, "end", String.format(Locale.ROOT, "%.2f", loss));
      label(svg, x(step), HEIGHT - BOTTOM + 20, "middle", Long.toString(step));
    }
    label(svg, x(lastStep / 2.0), HEIGHT - 10, "middle", "step");
  }

  private static void line(
      StringBuilder svg, double x1, double y1, double x2, double y2, String colour) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>\n",
            x1,
            y1,
            x2,
            y2,
            colour));
  }

  private static void label(StringBuilder svg, double x, double y, String anchor, String text) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"#444444\">%s</text>\n",
            x,
            y,
            anchor,
            text));
  }

  private void curve(StringBuilder svg, List<EvaluationPoint> curve, String colour, String style) {
    String points =
        curve.stream()
            .filter(point -> Double.isFinite(point.loss()))
            .map(point -> String.format(Locale.ROOT, "%.1f,%.1f", x(point.step()), y(point.loss())))
            .collect(Collectors.joining(" "));
    svg.append(
        "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2.5\"%s/>\n"
            .formatted(points, colour, style));
  }

  private void legend(StringBuilder svg, int row, String name, String colour, String style) {
    int y = TOP + 20 + 22 * row;
    int x = WIDTH - RIGHT - 130;
    svg.append(
        """
        <line x1="%d" y1="%d" x2="%d" y2="%d" stroke="%s" stroke-width="2.5"%s/>
        <text x="%d" y="%d" fill="#222222">%s</text>
        """
            .formatted(x, y, x + 36, y, colour, style, x + 44, y + 4, name));
  }

  /**
   * Writes the picture.
   *
   * @throws UserError if it cannot be written
   */
  public static void save(Twins twins, Path folder) {
    Path file = folder.resolve(FILE);
    try {
      AtomicFiles.writeString(
          file, svg("baseline", twins.baseline().curve(), "both", twins.both().curve()));
    } catch (IOException e) {
      throw UserError.io("write the picture of the curves", file, e);
    }
  }
}
