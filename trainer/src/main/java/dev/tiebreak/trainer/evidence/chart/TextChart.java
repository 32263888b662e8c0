package dev.tiebreak.trainer.evidence.chart;

import dev.tiebreak.trainer.base.Words;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/** Curves as text: steps to the right, values upwards. */
public final class TextChart {
  private static final String MARKS = "ox+#@%&=";
  private static final char SEVERAL = '*';

  private static final int NARROWEST = 48; // columns for names

  private final int width;
  private final int height;

  /** A chart of so many columns and rows, axes not counted. */
  public TextChart(int width, int height) {
    if (width < 2 || height < 2) {
      throw new IllegalArgumentException("a chart needs at least 2 columns and 2 rows");
    }
    this.width = width;
    this.height = height;
  }

  /** Curves over the same steps, each with a mark of its own, in lines of text, the names last. */
  public List<String> draw(List<LinePlot.Curve> curves) {
    if (curves.isEmpty() || curves.size() > MARKS.length()) {
      throw new IllegalArgumentException("cannot draw " + curves.size() + " curves as text");
    }
    double low = values(curves, LinePlot.Value::y).min().orElse(0);
    double most = values(curves, LinePlot.Value::y).max().orElse(1);
    double span = most > low ? most - low : 1;
    double lastStep = values(curves, LinePlot.Value::x).max().orElse(0);
    char[][] grid = new char[height][width];
    for (char[] row : grid) {
      Arrays.fill(row, ' ');
    }
    for (int i = 0; i < curves.size(); i++) {
      for (LinePlot.Value value : curves.get(i).values()) {
        double along = lastStep == 0 ? 0 : value.x() / lastStep;
        int column = (int) Math.round((width - 1) * along);
        int row = (int) Math.round((height - 1) * (low + span - value.y()) / span);
        char mark = MARKS.charAt(i);
        char there = grid[row][column];
        grid[row][column] = there == ' ' || there == mark ? mark : SEVERAL;
      }
    }

    List<String> lines = new ArrayList<>();
    for (int row = 0; row < height; row++) {
      double value = low + span - span * row / (height - 1);
      String label = row % 3 == 0 || row == height - 1 ? Words.of("%7.3f", value) : "       ";
      lines.add((label + " |" + new String(grid[row])).stripTrailing());
    }
    lines.add("        +" + "-".repeat(width));
    String end = Words.of("step %.0f", lastStep);
    lines.add("         0" + " ".repeat(Math.max(1, width - 1 - end.length())) + end);
    lines.addAll(names(curves));
    return lines;
  }

  private List<String> names(List<LinePlot.Curve> curves) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < curves.size(); i++) {
      names.add(MARKS.charAt(i) + " " + curves.get(i).name());
    }
    names.add(SEVERAL + (curves.size() == 2 ? " both" : " several") + " at the same place");
    List<String> lines = new ArrayList<>();
    String indent = "         ";
    StringBuilder line = new StringBuilder(indent);
    for (String name : names) {
      boolean first = line.length() == indent.length();
      if (!first
          && line.length() + 3 + name.length() > indent.length() + Math.max(width, NARROWEST)) {
        lines.add(line.toString());
        line = new StringBuilder(indent);
        first = true;
      }
      line.append(first ? "" : "   ").append(name);
    }
    lines.add(line.toString());
    return lines;
  }

  private static DoubleStream values(
      List<LinePlot.Curve> curves, ToDoubleFunction<LinePlot.Value> part) {
    return curves.stream().flatMap(c -> c.values().stream()).mapToDouble(part);
  }
}
