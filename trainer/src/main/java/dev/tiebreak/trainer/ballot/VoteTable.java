package dev.tiebreak.trainer.ballot;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.tiebreak.trainer.ballot.VoteColumns.Column;
import dev.tiebreak.trainer.base.Faults;
import dev.tiebreak.trainer.base.Json;
import dev.tiebreak.trainer.base.Names;
import dev.tiebreak.trainer.base.Words;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a table of votes: CSV (RFC 4180) as spreadsheets, R and pandas write it, lines of JSON, or
 * one array of JSON.
 */
final class VoteTable {
  private static final String SEPARATORS = ",;\t|";

  /** The line by which Excel is told the separator. */
  private static final Pattern SEPARATOR_LINE =
      Pattern.compile("\"?sep=(.)\"?\\R", Pattern.CASE_INSENSITIVE);

  /** The prompt of a pair that is not there: whoever gives the prompts says so of the pair. */
  private static final String UNKNOWN = "unknown";

  private final Dialect dialect;
  private final Map<String, String> prompts;
  private final Faults faults;
  private final Set<String> header = new LinkedHashSet<>();
  private final List<Line> lines = new ArrayList<>();
  private boolean columnsAreChecked; // by their header

  /** A row by the names of columns that the table has, and where it stands. */
  private record Line(long number, Map<String, String> cells) {}

  private VoteTable(Dialect dialect, Map<String, String> prompts, Faults faults) {
    this.dialect = dialect;
    this.prompts = prompts;
    this.faults = faults;
  }

  /**
   * The votes of a text.
   *
   * @param prompts where the table does not tell them: that of each pair, by its id
   * @param faults told what is wrong, by lines
   */
  static List<Vote> read(String text, Dialect dialect, Map<String, String> prompts, Faults faults) {
    VoteTable table = new VoteTable(dialect, prompts, faults);
    String start = text.stripLeading();
    if (start.startsWith("[") || start.startsWith("{")) {
      table.json(text, start.startsWith("["));
    } else {
      table.csv(text);
    }
    return table.votes(Optional.of(new Ids()));
  }

  /**
   * The votes of a file that this program writes itself, which may be empty. What was added is
   * read, however it is spelt: spellings are looked at before.
   */
  static List<Vote> log(String text, Faults faults) {
    VoteTable table = new VoteTable(Dialect.USUAL, Map.of(), faults);
    table.json(text, false);
    return table.votes(Optional.empty());
  }

  private List<Vote> votes(Optional<Ids> spellings) {
    if (!columnsAreChecked) {
      dialect.fits(List.copyOf(header), faults);
    }
    Map<String, List<String>> names = new LinkedHashMap<>();
    header.forEach(column -> names.put(column, dialect.names(column)));
    List<Line> named = lines.stream().map(line -> named(line, names)).toList();
    String at = Column.AT.toString();
    Times times = Times.of(named.stream().map(line -> line.cells.getOrDefault(at, "")).toList());
    List<Vote> votes = new ArrayList<>();
    for (Line line : named) {
      new VoteRow(line.cells, dialect, times, fault -> faults.add(line.number, fault))
          .vote()
          .ifPresent(vote -> {
            spellings.ifPresent(ids -> ids.note(line.number, vote, faults));
            votes.add(vote);
          });
    }
    requireJudges(votes);
    return votes;
  }

  /** The same line by the names that columns have here. */
  private Line named(Line line, Map<String, List<String>> names) {
    Map<String, String> cells = new LinkedHashMap<>();
    line.cells.forEach(
        (column, value) -> names.get(column).forEach(name -> cells.put(name, value)));
    if (!prompts.isEmpty()) {
      String pair = Ids.canonical(cells.getOrDefault(Column.PAIR.toString(), ""));
      cells.putIfAbsent(Column.PROMPT.toString(), prompts.getOrDefault(pair, UNKNOWN));
    }
    return new Line(line.number, cells);
  }

  /** Whoever is named on the command line must be there, else it is misspelt. */
  private void requireJudges(List<Vote> votes) {
    Set<String> judges = new HashSet<>();
    votes.forEach(vote -> judges.add(vote.judge().id()));
    if (faults.isEmpty()) {
      dialect.kinds().keySet().stream()
          .filter(judge -> !judge.isEmpty() && !judges.contains(judge))
          .sorted()
          .forEach(judge -> faults.add("there is no judge " + Faults.quoted(judge)));
    }
  }

  /** Whether all columns are there, but for those of which something else tells what they say. */
  private boolean requireColumns(long line, List<String> there) {
    boolean all = true;
    Set<String> own = new HashSet<>();
    there.forEach(column -> own.addAll(dialect.names(column)));
    for (String column : VoteColumns.REQUIRED) {
      boolean told =
          column.equals(Column.JUDGE_KIND.toString()) && !dialect.kinds().isEmpty()
              || column.equals(Column.PROMPT.toString()) && !prompts.isEmpty();
      if (!own.contains(column) && !told) {
        all = false;
        faults.add(line, Words.of("the column %s is missing%s", column, Names.hint(column, there)));
      }
    }
    return all;
  }

  private void csv(String text) {
    Matcher told = SEPARATOR_LINE.matcher(text);
    boolean isTold = told.lookingAt();
    String table = isTold ? text.substring(told.end()) : text;
    int before = isTold ? 1 : 0;
    try (CsvReader<CsvRecord> reader =
        CsvReader.builder()
            .fieldSeparator(isTold ? told.group(1).charAt(0) : separator(table))
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE) // counted below, to name the line
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .allowUnclosedQuote(false)
            .ofCsvRecord(table)) {
      List<CsvRecord> records = reader.stream().filter(VoteTable::saysSomething).toList();
      if (records.isEmpty()) {
        faults.add(
            "there is no header; its first line must be " + String.join(",", VoteColumns.REQUIRED));
        return;
      }
      List<String> columns = records.getFirst().getFields().stream().map(String::strip).toList();
      List<CsvRecord> rows = records.subList(1, records.size());
      readHeader(before + records.getFirst().getStartingLineNumber(), columns, rows);
      for (CsvRecord row : faults.isEmpty() ? rows : List.<CsvRecord>of()) {
        readRow(before + row.getStartingLineNumber(), columns, row.getFields());
      }
    } catch (CsvParseException e) {
      faults.add(reason(e));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean saysSomething(CsvRecord record) {
    return record.getFields().stream().anyMatch(field -> !field.isBlank());
  }

  private static String reason(CsvParseException e) {
    Throwable deepest = e;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return "not CSV: " + deepest.getMessage();
  }

  /** Some spreadsheets write semicolons or tabs: whichever stands first in the header. */
  private static char separator(String text) {
    String line = text.lines().filter(one -> !one.isBlank()).findFirst().orElse("");
    return (char)
        line.replaceAll("\"[^\"]*\"", "")
            .chars()
            .filter(character -> SEPARATORS.indexOf(character) >= 0)
            .findFirst()
            .orElse(',');
  }

  /** A column without a name may be the first, which numbers lines, or one that is empty. */
  private void readHeader(long line, List<String> columns, List<CsvRecord> rows) {
    for (int i = 0; i < columns.size(); i++) {
      int place = i;
      String column = columns.get(i);
      if (column.isEmpty()) {
        boolean says =
            rows.stream()
                .anyMatch(row -> place < row.getFieldCount() && !row.getField(place).isBlank());
        if (says && i > 0) {
          faults.add(line, "a column has no name");
        }
      } else if (!header.add(column)) {
        faults.add(line, Words.of("the column %s stands there twice", Faults.quoted(column)));
      }
    }
    columnsAreChecked = true;
    if (dialect.fits(List.copyOf(header), faults)) {
      requireColumns(line, List.copyOf(header));
    }
  }

  private void readRow(long line, List<String> columns, List<String> fields) {
    boolean rest = fields.stream().skip(columns.size()).anyMatch(field -> !field.isBlank());
    if (rest || fields.size() < columns.size()) {
      faults.add(
          line, Words.of("%d fields where the header has %d", fields.size(), columns.size()));
      return;
    }
    Map<String, String> cells = new LinkedHashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      if (!columns.get(i).isEmpty()) {
        cells.put(columns.get(i), fields.get(i));
      }
    }
    lines.add(new Line(line, cells));
  }

  private void json(String text, boolean array) {
    if (array) {
      try {
        long number = 0;
        for (JsonNode row : Json.read(ArrayNode.class, text)) {
          readRow(++number, () -> Json.read(ObjectNode.class, row.toString()));
        }
      } catch (IllegalArgumentException e) {
        faults.add(e.getMessage());
      }
      return;
    }
    int number = 0;
    for (String line : text.split("\r?\n")) {
      number++;
      if (!line.isBlank()) {
        readRow(number, () -> Json.read(ObjectNode.class, line));
      }
    }
  }

  private void readRow(long number, Supplier<ObjectNode> json) {
    Map<String, String> cells = new LinkedHashMap<>();
    try {
      json.get()
          .properties()
          .forEach(field -> cells.put(field.getKey().strip(), text(field.getValue())));
    } catch (IllegalArgumentException e) {
      faults.add(number, e.getMessage());
      return;
    }
    header.addAll(cells.keySet());
    if (requireColumns(number, List.copyOf(cells.keySet()))) {
      lines.add(new Line(number, cells));
    }
  }

  private static String text(JsonNode value) {
    if (value.isNull()) {
      return "";
    }
    return value.isString() ? value.stringValue() : value.toString();
  }
}
