package dev.tiebreak.trainer.evidence.chart;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.document.Markup;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A picture in the making. Coordinates are pixels from the upper left corner; what is added later
 * covers what was added before.
 */
public final class Svg {
  /** The colour of titles and names. */
  public static final String TEXT = "#222222";

  /** The colour of numbers on axes. */
  public static final String MUTED = "#555555";

  /** The colour of lines that help the eye. */
  public static final String GRID = "#dddddd";

  private static final double CHARACTER = 7.4; // pixels of a usual letter at 13 pixels

  private final StringBuilder body = new StringBuilder();

  /** Where a text stands relative to its point. */
  public enum Anchor {
    START,
    MIDDLE,
    END
  }

  public record Point(double x, double y) {}

  /** An empty picture, with a title that screen readers read out. */
  public Svg(int width, int height, String title) {
    add(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" \
        font-family="sans-serif" font-size="13" role="img">
        <title>%s</title>
        <rect width="100%%" height="100%%" fill="#ffffff"/>
        """,
        width, height, width, height, Markup.escape(title));
  }

  /** About how wide a text will be, in pixels. */
  public static double widthOf(String text) {
    return CHARACTER * text.length();
  }

  private void add(String format, Object... values) {
    body.append(Words.of(format, values));
  }

  /** An area without a border. */
  public void rectangle(double x, double y, double width, double height, String colour) {
    add(
        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>\n",
        x, y, width, height, colour);
  }

  public void line(double x1, double y1, double x2, double y2, String colour, double width) {
    line(x1, y1, x2, y2, colour, width, "");
  }

  /** A line; no dashes make it solid, {@code 7 4} is a dash of 7 and a gap of 4 pixels. */
  public void line(
      double x1, double y1, double x2, double y2, String colour, double width, String dashes) {
    add(
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"%.1f\"%s/>\n",
        x1, y1, x2, y2, colour, width, dashed(dashes));
  }

  /** A line through several points; nothing if there is none. */
  public void curve(List<Point> points, String colour, double width, String dashes) {
    if (!points.isEmpty()) {
      add(
          "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\"%s/>\n",
          join(points), colour, width, dashed(dashes));
    }
  }

  /** A shaded area that lets through what lies below it; nothing if there are no corners. */
  public void area(List<Point> corners, String colour) {
    if (!corners.isEmpty()) {
      add("<polygon points=\"%s\" fill=\"%s\" fill-opacity=\"0.18\"/>\n", join(corners), colour);
    }
  }

  /** A dot; a fill of {@code #ffffff} makes a ring. */
  public void dot(double x, double y, double radius, String colour, String fill) {
    add(
        "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\" stroke=\"%s\" stroke-width=\"1.5\"/>\n",
        x, y, radius, fill, colour);
  }

  /** A text of the usual size, 13 pixels; y is its base line. */
  public void text(double x, double y, Anchor anchor, String colour, String text) {
    text(x, y, anchor, colour, 13, text);
  }

  /** A text; y is its base line. */
  public void text(double x, double y, Anchor anchor, String colour, int size, String text) {
    add(
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\"%s>%s</text>\n",
        x,
        y,
        anchor.name().toLowerCase(Locale.ROOT),
        colour,
        size == 13 ? "" : " font-size=\"" + size + "\"",
        Markup.escape(text));
  }

  private static String dashed(String dashes) {
    return dashes.isEmpty() ? "" : " stroke-dasharray=\"" + dashes + "\"";
  }

  private static String join(List<Point> points) {
    return points.stream()
        .map(point -> Words.of("%.1f,%.1f", point.x, point.y))
        .collect(Collectors.joining(" "));
  }

  @Override
  public String toString() {
    return body + "</svg>\n";
  }
}
