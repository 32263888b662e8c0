package dev.tiebreak.tests.gpu;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.document.Format;
import dev.tiebreak.trainer.evidence.document.Json;
import dev.tiebreak.trainer.evidence.document.Table;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** What one section found. It is kept as JSON, and printed as it grows. */
final class Report {
  private static final JsonMapper JSON = JsonMapper.shared();

  /** Something that must hold, and whether it does. */
  record Check(String name, boolean ok, String detail) {}

  private final String section;
  private final Map<String, Object> facts = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();
  private final List<Check> checks = new ArrayList<>();
  private final List<Table.Builder> tables = new ArrayList<>();
  private final List<Map<String, Object>> steps = new ArrayList<>();
  private final long start = System.nanoTime();

  Report(String section) {
    this.section = section;
  }

  /** A line for the reader. */
  void note(String line) {
    System.out.println(line);
    notes.add(line);
  }

  /** A number, text or list under a name, for programs. */
  void fact(String name, Object value) {
    System.out.println(name + ": " + value);
    facts.put(name, value);
  }

  /** Something that must hold. */
  void check(String name, boolean ok, String detail) {
    System.out.println((ok ? "ok      " : "FAILED  ") + name + ": " + detail);
    checks.add(new Check(name, ok, detail));
  }

  /** An error below a limit; not a number is above every limit. */
  void checkBelow(String name, double error, double limit) {
    check(name, error < limit, text("%.2e, limit %.0e", error, limit));
  }

  /** The section ended early: counts as a check that does not hold. */
  void failed(String what, Throwable error) {
    StringWriter trace = new StringWriter();
    error.printStackTrace(new PrintWriter(trace));
    String ours =
        trace
            .toString()
            .lines()
            .filter(line -> !line.startsWith("\tat ") || line.contains("dev.tiebreak"))
            .collect(Collectors.joining("\n"));
    note(ours);
    check(what, false, String.valueOf(error));
  }

  /** A new table to fill; every cell is text as it is to be shown. */
  Table.Builder table(String title, String... columns) {
    Table.Builder table = Table.of(title, "");
    for (String column : columns) {
      table.column(column, column, Format.TEXT);
    }
    tables.add(table);
    return table;
  }

  /** A measured training step, with the same keys as {@code peer.py} writes. */
  void step(Map<String, Object> step) {
    System.out.println(step);
    steps.add(step);
  }

  /** Whether all checks hold. */
  boolean ok() {
    return checks.stream().allMatch(Check::ok);
  }

  /** Text with points as decimal marks, wherever it runs. */
  static String text(String format, Object... args) {
    return Words.of(format, args);
  }

  /** Writes everything so far. */
  void write(Path file) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("kind", "section");
    all.put("section", section);
    all.put("ok", ok());
    all.put("seconds", (System.nanoTime() - start) * 1e-9);
    all.put("facts", facts);
    all.put("checks", checks);
    all.put("notes", notes);
    Map<String, Object> rows = new LinkedHashMap<>();
    tables.stream().map(Table.Builder::whole).forEach(one -> rows.put(one.id(), Json.rows(one)));
    all.put("tables", rows);
    all.put("steps", steps);
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(all));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
