package dev.tiebreak.trainer.evidence.chart;

import dev.tiebreak.trainer.evidence.chart.Svg.Anchor;
import dev.tiebreak.trainer.evidence.statistics.Interval;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/**
 * A row for each group: its values as rings, their mean as a dot and perhaps an interval; on the
 * right, words. With a margin and intervals it is the forest plot of an equivalence test.
 *
 * @param centre a value that gets a vertical line, or empty
 * @param margin half the width of a shaded band around the centre; 0 for none
 * @param note below the axis, in small letters; may be empty
 */
public record DotPlot(
    String title, String xName, List<Row> rows, OptionalDouble centre, double margin, String note) {
  private static final int WIDTH = 760;
  private static final int TOP = 52;
  private static final int ROW = 46;
  private static final int BOTTOM = 76;
  private static final int SIDE = 20;
  private static final int MARKS = 8;
  private static final String BAND = "#e6eef5";

  /**
   * A group.
   *
   * @param values of the seeds; those that are not finite are left out
   * @param interval around their mean; one of NaN is not drawn
   * @param words on the right
   */
  public record Row(
      String name, Palette look, List<Double> values, Interval interval, String words) {
    public Row {
      values = values.stream().filter(Double::isFinite).toList();
    }

    /** A group without an interval. */
    public Row(String name, Palette look, List<Double> values, String words) {
      this(name, look, values, new Interval(0, Double.NaN, Double.NaN), words);
    }

    double mean() {
      return values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    }

    boolean hasInterval() {
      return Double.isFinite(interval.low()) && Double.isFinite(interval.high());
    }
  }

  public DotPlot {
    rows = List.copyOf(rows);
  }

  public String svg() {
    double names = rows.stream().mapToDouble(r -> Svg.widthOf(r.name())).max().orElse(0);
    double words = rows.stream().mapToDouble(r -> Svg.widthOf(r.words())).max().orElse(0);
    double left = SIDE + names + SIDE;
    double right = WIDTH - SIDE - words - SIDE;
    int height = TOP + ROW * rows.size() + BOTTOM;
    double bottom = height - BOTTOM;
    double[] all = extent();
    Axis x = Axis.around(all[0], all[1], left, right, MARKS);
    Svg svg = new Svg(WIDTH, height, title);
    svg.text(SIDE, 26, Anchor.START, Svg.TEXT, 16, title);
    if (margin > 0) {
      double middle = centre.orElse(0);
      double begin = x.at(middle - margin);
      svg.rectangle(begin, TOP, x.at(middle + margin) - begin, bottom - TOP, BAND);
    }
    for (double mark : x.marks()) {
      svg.line(x.at(mark), TOP, x.at(mark), bottom, Svg.GRID, 1);
      svg.text(x.at(mark), bottom + 18, Anchor.MIDDLE, Svg.MUTED, x.label(mark));
    }
    centre.ifPresent(value -> svg.line(x.at(value), TOP, x.at(value), bottom, Svg.MUTED, 1.5));
    svg.text((left + right) / 2, bottom + 38, Anchor.MIDDLE, Svg.MUTED, xName);
    svg.text(SIDE, height - 14, Anchor.START, Svg.MUTED, 12, note);
    for (int i = 0; i < rows.size(); i++) {
      draw(svg, rows.get(i), x, TOP + ROW * (i + 0.5), right + SIDE);
    }
    return svg.toString();
  }

  private static void draw(Svg svg, Row row, Axis x, double y, double words) {
    String colour = row.look().colour();
    svg.text(SIDE, y + 4, Anchor.START, Svg.TEXT, row.name());
    svg.text(words, y + 4, Anchor.START, Svg.TEXT, row.words());
    if (row.hasInterval()) {
      double low = x.at(row.interval().low());
      double high = x.at(row.interval().high());
      svg.line(low, y, high, y, colour, 2.5);
      svg.line(low, y - 6, low, y + 6, colour, 2.5);
      svg.line(high, y - 6, high, y + 6, colour, 2.5);
    }
    for (double value : row.values()) {
      svg.dot(x.at(value), y + 13, 3.5, colour, "#ffffff");
    }
    if (!row.values().isEmpty()) {
      svg.dot(x.at(row.mean()), y, 5, colour, colour);
    }
  }

  /** The least and the greatest value that must be seen. */
  private double[] extent() {
    DoubleStream values =
        rows.stream().flatMap(r -> r.values().stream()).mapToDouble(Double::doubleValue);
    DoubleStream ends =
        rows.stream()
            .filter(Row::hasInterval)
            .flatMapToDouble(r -> DoubleStream.of(r.interval().low(), r.interval().high()));
    DoubleStream band =
        centre.isPresent()
            ? DoubleStream.of(centre.getAsDouble() - margin, centre.getAsDouble() + margin)
            : DoubleStream.empty();
    double[] all = DoubleStream.concat(DoubleStream.concat(values, ends), band).sorted().toArray();
    return all.length == 0 ? new double[] {0, 1} : new double[] {all[0], all[all.length - 1]};
  }
}
