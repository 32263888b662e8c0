package dev.tiebreak.trainer.evidence.chart;

import dev.tiebreak.trainer.evidence.chart.Svg.Anchor;
import dev.tiebreak.trainer.evidence.chart.Svg.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Curves over steps, each perhaps with a band around it. Names stand to the right of the curves.
 *
 * @param curves in the order of their names
 * @param reference values that get a horizontal line, such as 0 or a margin
 */
public record LinePlot(String title, String xName, List<Curve> curves, List<Double> reference) {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 400;
  private static final int LEFT = 72;
  private static final int RIGHT = 24;
  private static final int TOP = 48;
  private static final int BOTTOM = 56;
  private static final int NAME_HEIGHT = 22;
  private static final int SAMPLE = 36; // of a line, beside its name
  private static final int GAP = 12;
  private static final int MARKS = 6;

  /** One place of a curve: a value and, if they differ from it, the ends of the band. */
  public record Value(double x, double y, double low, double high) {
    /** A place without a band. */
    public Value(double x, double y) {
      this(x, y, y, y);
    }

    boolean isFinite() {
      return Double.isFinite(y) && Double.isFinite(low) && Double.isFinite(high);
    }
  }

  /** A curve; values that are not finite are left out. */
  public record Curve(String name, Palette look, List<Value> values) {
    public Curve {
      values = values.stream().filter(Value::isFinite).toList();
    }
  }

  public LinePlot {
    curves = List.copyOf(curves);
    reference = List.copyOf(reference);
  }

  public String svg() {
    double names = curves.stream().mapToDouble(c -> Svg.widthOf(c.name())).max().orElse(0);
    double right = WIDTH - RIGHT - names - SAMPLE - GAP;
    int height = Math.max(HEIGHT, TOP + BOTTOM + NAME_HEIGHT * curves.size());
    Axis x = Axis.exact(0, Math.max(1, values(Value::x).max().orElse(1)), LEFT, right, MARKS);
    Axis y = vertical(height);
    Svg svg = new Svg(WIDTH, height, title);
    svg.text(LEFT, 26, Anchor.START, Svg.TEXT, 16, title);
    for (double mark : y.marks()) {
      svg.line(LEFT, y.at(mark), right, y.at(mark), Svg.GRID, 1);
      svg.text(LEFT - 8, y.at(mark) + 4, Anchor.END, Svg.MUTED, y.label(mark));
    }
    for (double mark : x.marks()) {
      double place = x.at(mark);
      svg.line(place, height - BOTTOM, place, height - BOTTOM + 5, Svg.MUTED, 1);
      svg.text(place, height - BOTTOM + 20, Anchor.MIDDLE, Svg.MUTED, x.label(mark));
    }
    svg.text((LEFT + right) / 2, height - 12, Anchor.MIDDLE, Svg.MUTED, xName);
    for (double value : reference) {
      svg.line(LEFT, y.at(value), right, y.at(value), Svg.MUTED, 1, value == 0 ? "" : "3 3");
    }
    for (Curve curve : curves) {
      svg.area(band(curve, x, y), curve.look().colour());
    }
    for (int i = 0; i < curves.size(); i++) {
      Curve curve = curves.get(i);
      Palette look = curve.look();
      List<Point> points =
          curve.values().stream().map(v -> new Point(x.at(v.x()), y.at(v.y()))).toList();
      svg.curve(points, look.colour(), 2, look.dashes());
      double place = TOP + 10 + NAME_HEIGHT * i;
      double begin = right + GAP;
      svg.line(begin, place, begin + SAMPLE - 6, place, look.colour(), 2, look.dashes());
      svg.text(begin + SAMPLE, place + 4, Anchor.START, Svg.TEXT, curve.name());
    }
    return svg.toString();
  }

  private Axis vertical(int height) {
    List<Double> all = new ArrayList<>(reference);
    values(Value::low).forEach(all::add);
    values(Value::high).forEach(all::add);
    double least = all.stream().mapToDouble(Double::doubleValue).min().orElse(0);
    double most = all.stream().mapToDouble(Double::doubleValue).max().orElse(1);
    return Axis.around(least, most, height - BOTTOM, TOP, MARKS);
  }

  private DoubleStream values(ToDoubleFunction<Value> part) {
    return curves.stream().flatMap(c -> c.values().stream()).mapToDouble(part);
  }

  private static List<Point> band(Curve curve, Axis x, Axis y) {
    if (curve.values().stream().allMatch(v -> v.low() == v.high())) {
      return List.of();
    }
    Stream<Point> there = curve.values().stream().map(v -> new Point(x.at(v.x()), y.at(v.high())));
    Stream<Point> back =
        curve.values().reversed().stream().map(v -> new Point(x.at(v.x()), y.at(v.low())));
    return Stream.concat(there, back).toList();
  }
}
