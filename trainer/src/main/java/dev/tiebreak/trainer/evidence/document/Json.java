package dev.tiebreak.trainer.evidence.document;

import dev.tiebreak.trainer.evidence.statistics.Interval;
import dev.tiebreak.trainer.evidence.statistics.Sample;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * A document for programs, with all digits: title and source, an object for each group of facts,
 * and under {@code tables} an array of rows for each table. {@code null} stands where there is no
 * number. An interval is {@code {level, low, high}}, a sample {@code {n, mean, sd}}. Texts and
 * figures are left out.
 */
public final class Json {
  private Json() {}

  public static String of(Document document) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("title", document.title());
    json.put("source", document.source());
    document.facts().forEach(facts -> json.put(facts.id(), facts.values()));
    Map<String, Object> tables = new LinkedHashMap<>();
    document.tables().forEach(table -> tables.put(table.id(), rows(table)));
    json.put("tables", tables);
    return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
  }

  /** The rows of a table, by the keys of its columns. */
  public static List<Map<String, Object>> rows(Table table) {
    return table.rows().stream().map(row -> row(table, row)).toList();
  }

  private static Map<String, Object> row(Table table, Table.Row row) {
    Map<String, Object> json = new LinkedHashMap<>();
    for (int i = 0; i < table.columns().size(); i++) {
      json.put(table.columns().get(i).key(), value(row.cells().get(i)));
    }
    if (!row.note().isEmpty()) {
      json.put("note", row.note());
    }
    return json;
  }

  private static Object value(Object cell) {
    Map<String, Object> json = new LinkedHashMap<>();
    switch (cell) {
      case Interval(double level, double low, double high) -> {
        json.put("level", level);
        json.put("low", low);
        json.put("high", high);
      }
      case Sample(int n, double mean, double sd) -> {
        json.put("n", n);
        json.put("mean", mean);
        json.put("sd", Table.finite(sd));
      }
      case null, default -> {
        return cell;
      }
    }
    return json;
  }
}
