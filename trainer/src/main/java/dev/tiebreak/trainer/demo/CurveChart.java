package dev.tiebreak.trainer.demo;

import dev.tiebreak.trainer.train.EvaluationPoint;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Validation curves as text: steps to the right, loss upwards. */
public final class CurveChart {
  private static final char FIRST = 'o';
  private static final char SECOND = 'x';
  private static final char EQUAL = '*';

  private final int width;
  private final int height;

  /** A chart of so many columns and rows, axes not counted. */
  public CurveChart(int width, int height) {
    if (width < 2 || height < 2) {
      throw new IllegalArgumentException("a chart needs at least 2 columns and 2 rows");
    }
    this.width = width;
    this.height = height;
  }

  /**
   * Two curves over the same steps: {@code o} the first, {@code x} the second, {@code *} both.
   *
   * @return lines of text
   */
  public List<String> draw(
      String firstName,
      List<EvaluationPoint> first,
      String secondName,
      List<EvaluationPoint> second) {
    if (first.isEmpty() || second.isEmpty()) {
      throw new IllegalArgumentException("a curve needs at least one point");
    }
    double low = Math.min(least(first), least(second));
    double high = Math.max(most(first), most(second));
    double span = high > low ? high - low : 1;
    long lastStep = Math.max(first.getLast().step(), second.getLast().step());
    char[][] grid = new char[height][width];
    for (char[] row : grid) {
      Arrays.fill(row, ' ');
    }
    plot(grid, first, FIRST, low, span, lastStep);
    plot(grid, second, SECOND, low, span, lastStep);

    String[] lines = new String[height + 3];
    for (int row = 0; row < height; row++) {
      double value = low + span - span * row / (height - 1);
      String label =
          row % 3 == 0 || row == height - 1
              ? String.format(Locale.ROOT, "%7.3f", value)
              : "       ";
      lines[row] = (label + " |" + new String(grid[row])).stripTrailing();
    }
    lines[height] = "        +" + "-".repeat(width);
    String end = "step " + lastStep;
    lines[height + 1] = "         0" + " ".repeat(Math.max(1, width - 1 - end.length())) + end;
    lines[height + 2] =
        "         %c %s   %c %s   %c both at the same place"
            .formatted(FIRST, firstName, SECOND, secondName, EQUAL);
    return List.of(lines);
  }

  private void plot(
      char[][] grid,
      List<EvaluationPoint> curve,
      char mark,
      double low,
      double span,
      long lastStep) {
    for (EvaluationPoint point : curve) {
      if (!Double.isFinite(point.loss())) {
        continue;
      }
      int column =
          lastStep == 0 ? 0 : (int) Math.round((width - 1) * (double) point.step() / lastStep);
      int row = (int) Math.round((height - 1) * (low + span - point.loss()) / span);
      char there = grid[row][column];
      grid[row][column] = there == ' ' || there == mark ? mark : EQUAL;
    }
  }

  private static double least(List<EvaluationPoint> curve) {
    return curve.stream()
        .mapToDouble(EvaluationPoint::loss)
        .filter(Double::isFinite)
        .min()
        .orElse(0);
  }

  private static double most(List<EvaluationPoint> curve) {
    return curve.stream()
        .mapToDouble(EvaluationPoint::loss)
        .filter(Double::isFinite)
        .max()
        .orElse(1);
  }
}
