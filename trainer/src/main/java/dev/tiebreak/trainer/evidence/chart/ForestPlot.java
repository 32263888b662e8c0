package dev.tiebreak.trainer.evidence.chart;

import dev.tiebreak.trainer.evidence.chart.Svg.Anchor;
import dev.tiebreak.trainer.evidence.statistics.Interval;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Many estimates of one thing below each other, each with its interval: the closer rows lie, the
 * more of them there are. Rows that are less to be trusted have rings instead of dots, and thin
 * dashed lines.
 *
 * @param centre a value that gets a vertical line
 * @param note below the axis, in small letters; may be empty
 */
public record ForestPlot(String title, String xName, List<Row> rows, double centre, String note) {
  private static final int WIDTH = 760;
  private static final int TOP = 48;
  private static final int BOTTOM = 76;
  private static final int SIDE = 16;
  private static final int WIDE_ROW = 26;
  private static final int NARROW_ROW = 15;
  private static final int MANY = 30; // rows, beyond which they are narrow
  private static final int MARKS = 6;
  private static final double MOST_NAME = 250;

  /**
   * One estimate.
   *
   * @param value the dot; a row without a finite value is not drawn
   * @param interval the line; one of NaN is not drawn
   * @param raw another value, a small cross; NaN for none
   * @param words on the right; may be empty
   * @param weak whether it is drawn as less to be trusted
   */
  public record Row(
      String name, double value, Interval interval, double raw, String words, boolean weak) {
    /** A share from 0 to 1, drawn in per cent. */
    public static Row ofShare(String name, double share, Interval interval, String words) {
      return new Row(name, 100 * share, interval.times(100), Double.NaN, words, false);
    }
  }

  /** Shares for the treatment in per cent, around one half. */
  public static String ofPreferences(String title, List<Row> rows, String note) {
    return new ForestPlot(title, "share for the treatment, per cent", rows, 50, note).svg();
  }

  public ForestPlot {
    rows = rows.stream().filter(row -> Double.isFinite(row.value())).toList();
  }

  public String svg() {
    int rowHeight = rows.size() > MANY ? NARROW_ROW : WIDE_ROW;
    int size = rows.size() > MANY ? 11 : 13;
    double shrink = size / 13.0;
    double names =
        Math.min(
            MOST_NAME,
            shrink * rows.stream().mapToDouble(r -> Svg.widthOf(r.name())).max().orElse(0));
    double words = shrink * rows.stream().mapToDouble(r -> Svg.widthOf(r.words())).max().orElse(0);
    double left = SIDE + names + SIDE;
    double right = WIDTH - SIDE - words - (words > 0 ? SIDE : 0);
    int height = TOP + rowHeight * rows.size() + BOTTOM;
    double bottom = height - BOTTOM;
    double[] all = extent();
    Axis x = Axis.around(all[0], all[all.length - 1], left, right, MARKS);
    Svg svg = new Svg(WIDTH, height, title);
    svg.text(SIDE, 26, Anchor.START, Svg.TEXT, 16, title);
    for (double mark : x.marks()) {
      svg.line(x.at(mark), TOP, x.at(mark), bottom, Svg.GRID, 1);
      svg.text(x.at(mark), bottom + 18, Anchor.MIDDLE, Svg.MUTED, x.label(mark));
    }
    svg.line(x.at(centre), TOP, x.at(centre), bottom, Svg.MUTED, 1.5);
    svg.text((left + right) / 2, bottom + 38, Anchor.MIDDLE, Svg.MUTED, xName);
    svg.text(SIDE, height - 14, Anchor.START, Svg.MUTED, 12, note);
    for (int i = 0; i < rows.size(); i++) {
      draw(svg, rows.get(i), x, TOP + rowHeight * (i + 0.5), right + SIDE, size, names);
    }
    return svg.toString();
  }

  private static void draw(
      Svg svg, Row row, Axis x, double y, double words, int size, double names) {
    String colour = Palette.kind(row.weak() ? 1 : 0).colour();
    String name = fit(row.name(), names * 13 / size);
    svg.text(SIDE, y + 4, Anchor.START, Svg.TEXT, size, name);
    svg.text(words, y + 4, Anchor.START, Svg.TEXT, size, row.words());
    double half = size > 11 ? 5 : 3;
    Interval interval = row.interval();
    if (Double.isFinite(interval.low()) && Double.isFinite(interval.high())) {
      double low = x.at(interval.low());
      double high = x.at(interval.high());
      double width = row.weak() ? 1.5 : 2.5;
      svg.line(low, y, high, y, colour, width, row.weak() ? "5 3" : "");
      svg.line(low, y - half, low, y + half, colour, width);
      svg.line(high, y - half, high, y + half, colour, width);
    }
    if (Double.isFinite(row.raw())) {
      double at = x.at(row.raw());
      svg.line(at - half, y - half, at + half, y + half, Svg.MUTED, 1.2);
      svg.line(at - half, y + half, at + half, y - half, Svg.MUTED, 1.2);
    }
    svg.dot(x.at(row.value()), y, half - 0.5, colour, row.weak() ? "#ffffff" : colour);
  }

  private static String fit(String name, double width) {
    String text = name;
    while (text.length() > 4 && Svg.widthOf(text) > width + 1) {
      text = text.substring(0, text.length() - 2).stripTrailing() + "\u2026";
    }
    return text;
  }

  private double[] extent() {
    double[] all =
        rows.stream()
            .flatMapToDouble(row ->
                DoubleStream.of(
                    row.value(), row.raw(), row.interval().low(), row.interval().high(), centre))
            .filter(Double::isFinite)
            .sorted()
            .toArray();
    return all.length == 0 ? new double[] {centre} : all;
  }
}
