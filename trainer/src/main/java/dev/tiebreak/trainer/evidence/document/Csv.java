package dev.tiebreak.trainer.evidence.document;

import dev.tiebreak.trainer.base.CsvLines;
import dev.tiebreak.trainer.evidence.document.Table.Row;
import dev.tiebreak.trainer.evidence.statistics.Interval;
import dev.tiebreak.trainer.evidence.statistics.Sample;
import java.util.ArrayList;
import java.util.List;

/**
 * A table as CSV (RFC 4180) with all digits; empty where there is no number. A column of intervals
 * becomes {@code _low} and {@code _high}, one of samples {@code _mean} and {@code _sd}.
 */
public final class Csv {
  private Csv() {}

  public static String of(Table table) {
    List<List<String>> lines = new ArrayList<>();
    List<Boolean> wide = new ArrayList<>();
    List<String> header = new ArrayList<>();
    for (Table.Column column : table.columns()) {
      List<Object> values = table.column(column.key());
      boolean intervals = values.stream().anyMatch(Interval.class::isInstance);
      boolean samples = values.stream().anyMatch(Sample.class::isInstance);
      String key = column.key();
      header.addAll(
          intervals
              ? List.of(key + "_low", key + "_high")
              : samples ? List.of(key + "_mean", key + "_sd") : List.of(key));
      wide.add(intervals || samples);
    }
    lines.add(header);
    for (Row row : table.rows()) {
      List<String> line = new ArrayList<>();
      for (int i = 0; i < wide.size(); i++) {
        line.addAll(cells(row.cells().get(i), wide.get(i)));
      }
      lines.add(line);
    }
    return CsvLines.of(lines);
  }

  private static List<String> cells(Object value, boolean wide) {
    return switch (value) {
      case Interval(double _, double low, double high) -> List.of(text(low), text(high));
      case Sample sample -> List.of(text(sample.mean()), text(sample.sd()));
      case null -> wide ? List.of("", "") : List.of("");
      default -> List.of(value.toString());
    };
  }

  private static String text(double value) {
    return Double.isFinite(value) ? Double.toString(value) : "";
  }
}
