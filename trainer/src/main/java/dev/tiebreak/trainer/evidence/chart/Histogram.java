package dev.tiebreak.trainer.evidence.chart;

import dev.tiebreak.trainer.evidence.chart.Svg.Anchor;
import dev.tiebreak.trainer.evidence.chart.Svg.Point;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/**
 * How several samples are distributed: outlines over shared bins, as shares of each sample, so that
 * samples of different sizes can be compared.
 *
 * @param samples each with its name; values that are not finite are left out
 * @param marked a value that gets a vertical line, or empty
 * @param markedName beside that line
 */
public record Histogram(
    String title,
    String xName,
    List<Named> samples,
    int bins,
    OptionalDouble marked,
    String markedName) {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 340;
  private static final int LEFT = 64;
  private static final int RIGHT = 20;
  private static final int TOP = 78;
  private static final int BOTTOM = 56;
  private static final int SAMPLE = 36;
  private static final int MARKS = 7;

  public record Named(String name, Palette look, double[] values) {
    public Named {
      values = Arrays.stream(values).filter(Double::isFinite).toArray();
    }
  }

  public Histogram {
    samples = samples.stream().filter(one -> one.values().length > 0).toList();
  }

  public String svg() {
    double[] all =
        DoubleStream.concat(
                samples.stream().flatMapToDouble(one -> Arrays.stream(one.values())),
                marked.stream())
            .sorted()
            .toArray();
    double least = all.length == 0 ? 0 : all[0];
    double most = all.length == 0 ? 1 : all[all.length - 1];
    Axis x = Axis.around(least, most, LEFT, WIDTH - RIGHT, MARKS);
    List<double[]> shares = samples.stream().map(one -> shares(one.values(), x)).toList();
    double highest = shares.stream().flatMapToDouble(Arrays::stream).max().orElse(1);
    Axis y = Axis.exact(0, 100 * highest, HEIGHT - BOTTOM, TOP, 4);
    Svg svg = new Svg(WIDTH, HEIGHT, title);
    svg.text(SAMPLE / 2.0, 26, Anchor.START, Svg.TEXT, 16, title);
    axes(svg, x, y);
    double begin = LEFT;
    for (int i = 0; i < samples.size(); i++) {
      Named one = samples.get(i);
      List<Point> outline = outline(shares.get(i), x, y);
      svg.area(outline, one.look().colour());
      svg.curve(outline, one.look().colour(), 2, one.look().dashes());
      svg.line(begin, 52, begin + SAMPLE - 6, 52, one.look().colour(), 2, one.look().dashes());
      svg.text(begin + SAMPLE, 56, Anchor.START, Svg.TEXT, one.name());
      begin += SAMPLE + Svg.widthOf(one.name()) + 20;
    }
    if (marked.isPresent()) {
      double at = x.at(marked.getAsDouble());
      boolean room = at + Svg.widthOf(markedName) + 8 < WIDTH - RIGHT;
      svg.line(at, TOP - 8, at, y.at(0), Svg.TEXT, 2);
      svg.text(at + (room ? 6 : -6), TOP, room ? Anchor.START : Anchor.END, Svg.TEXT, markedName);
    }
    return svg.toString();
  }

  private void axes(Svg svg, Axis x, Axis y) {
    for (double mark : y.marks()) {
      svg.line(LEFT, y.at(mark), WIDTH - RIGHT, y.at(mark), Svg.GRID, 1);
      svg.text(LEFT - 8, y.at(mark) + 4, Anchor.END, Svg.MUTED, y.label(mark) + " %");
    }
    for (double mark : x.marks()) {
      svg.line(x.at(mark), y.at(0), x.at(mark), y.at(0) + 5, Svg.MUTED, 1);
      svg.text(x.at(mark), y.at(0) + 20, Anchor.MIDDLE, Svg.MUTED, x.label(mark));
    }
    svg.text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 12, Anchor.MIDDLE, Svg.MUTED, xName);
  }

  private double[] shares(double[] values, Axis x) {
    double[] shares = new double[bins];
    double width = (x.high() - x.low()) / bins;
    for (double value : values) {
      int bin = Math.clamp((long) ((value - x.low()) / width), 0, bins - 1);
      shares[bin] += 1.0 / values.length;
    }
    return shares;
  }

  private List<Point> outline(double[] shares, Axis x, Axis y) {
    List<Point> outline = new ArrayList<>();
    double width = (x.to() - x.from()) / bins;
    outline.add(new Point(x.from(), y.at(0)));
    for (int bin = 0; bin < bins; bin++) {
      outline.add(new Point(x.from() + bin * width, y.at(100 * shares[bin])));
      outline.add(new Point(x.from() + (bin + 1) * width, y.at(100 * shares[bin])));
    }
    outline.add(new Point(x.to(), y.at(0)));
    return outline;
  }
}
