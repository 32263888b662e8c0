package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.base.AtomicFiles;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.evidence.report.Table.Column;
import dev.tiebreak.trainer.evidence.report.Table.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code report.html}, {@code report.json} and a CSV file for each table. */
public final class ReportFiles {
  /** The page. */
  public static final String PAGE = "report.html";

  /** Every number. */
  public static final String NUMBERS = "report.json";

  private ReportFiles() {}

  /**
   * Writes all files into a folder, which is made if it is not there.
   *
   * @return how many CSV files there are
   * @throws UserError if one cannot be written
   */
  public static int write(Report report, Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw UserError.io("make the folder", folder, e);
    }
    List<Table> tables = report.tables().toList();
    Set<String> names = new HashSet<>();
    for (Table table : tables) {
      if (!names.add(table.id())) {
        throw new IllegalStateException("two tables are named " + table.id());
      }
      write(folder.resolve(table.id() + ".csv"), csv(table));
    }
    write(folder.resolve(NUMBERS), json(report));
    write(folder.resolve(PAGE), HtmlPage.of(report));
    return tables.size();
  }

  private static void write(Path file, String text) {
    try {
      AtomicFiles.writeString(file, text);
    } catch (IOException e) {
      throw UserError.io("write", file, e);
    }
  }

  /** A table with all digits; empty where there is no number. */
  static String csv(Table table) {
    StringBuilder csv = new StringBuilder();
    csv.append(table.columns().stream().map(Column::key).collect(Collectors.joining(",")));
    csv.append('\n');
    for (Row row : table.rows()) {
      csv.append(row.cells().stream().map(ReportFiles::cell).collect(Collectors.joining(",")));
      csv.append('\n');
    }
    return csv.toString();
  }

  private static String cell(Object value) {
    String text = value == null ? "" : value.toString();
    boolean quoted = text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return quoted ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }

  /** Verdict, settings and all tables. */
  static String json(Report report) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("title", report.title());
    json.put("source", report.source());
    ObjectNode verdict = json.putObject("verdict");
    verdict.put("outcome", report.conclusion().outcome().toString());
    verdict.put("scope", report.conclusion().scope());
    ArrayNode reasons = verdict.putArray("reasons");
    report.conclusion().reasons().forEach(reasons::add);
    ObjectNode settings = json.putObject("settings");
    report.settings().forEach((name, value) -> put(settings, name, value));
    ObjectNode tables = json.putObject("tables");
    report.tables().forEach(table -> rows(tables.putArray(table.id()), table));
    return json.toPrettyString() + "\n";
  }

  private static void rows(ArrayNode array, Table table) {
    for (Row row : table.rows()) {
      ObjectNode one = array.addObject();
      for (int i = 0; i < table.columns().size(); i++) {
        put(one, table.columns().get(i).key(), row.cells().get(i));
      }
      if (!row.note().isEmpty()) {
        one.put("note", row.note());
      }
    }
  }

  private static void put(ObjectNode json, String name, Object value) {
    switch (value) {
      case null -> json.putNull(name);
      case Double number -> json.put(name, number);
      case Integer number -> json.put(name, number);
      case Long number -> json.put(name, number);
      case Boolean truth -> json.put(name, truth);
      default -> json.put(name, value.toString());
    }
  }
}
