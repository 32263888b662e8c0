package dev.tiebreak.trainer.lab.bench;

import dev.tiebreak.tensor.OpTimes;
import dev.tiebreak.trainer.base.Words;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where the time of a training step goes, as text: a line for each operation, longest first. */
final class OperationTable {
  /** What a step does besides its forward and backward pass. */
  static final String UPDATE = "clip and AdamW";

  /** One operation in one step, times in seconds. */
  private record Row(String name, int runs, double forward, double backward) {
    double seconds() {
      return forward + backward;
    }

    Row plus(OpTimes.Total total, int steps) {
      double seconds = total.seconds() / steps;
      return total.backward()
          ? new Row(name, runs, forward, backward + seconds)
          : new Row(name, total.runs() / steps, forward + seconds, backward);
    }
  }

  private OperationTable() {}

  /**
   * The table.
   *
   * @param totals of so many steps
   * @param update seconds of clip and AdamW in one step
   */
  static String of(List<OpTimes.Total> totals, int steps, double update) {
    Map<String, Row> byName = new LinkedHashMap<>();
    for (OpTimes.Total total : totals) {
      String name = total.operation();
      byName.merge(
          name, new Row(name, 0, 0, 0).plus(total, steps), (row, _) -> row.plus(total, steps));
    }
    List<Row> rows = new ArrayList<>(byName.values());
    rows.add(new Row(UPDATE, 1, update, 0));
    rows.sort(Comparator.comparingDouble(Row::seconds).reversed());
    double all = rows.stream().mapToDouble(Row::seconds).sum();
    StringBuilder text = new StringBuilder();
    text.append(Words.of("  mean ms a step       runs   forward  backward   share%n"));
    for (Row row : rows) {
      text.append(
          Words.of(
              "  %-20s %4d %9.1f %9s %6.1f %%%n",
              row.name,
              row.runs,
              1e3 * row.forward,
              row.backward == 0 ? "" : Words.of("%.1f", 1e3 * row.backward),
              100 * row.seconds() / all));
    }
    return text.toString();
  }
}
