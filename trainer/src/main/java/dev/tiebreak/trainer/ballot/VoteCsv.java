package dev.tiebreak.trainer.ballot;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.tiebreak.trainer.base.CsvLines;
import dev.tiebreak.trainer.base.Faults;
import dev.tiebreak.trainer.base.Names;
import dev.tiebreak.trainer.base.Words;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tables of votes as CSV (RFC 4180), as spreadsheets write it too. */
final class VoteCsv {
  private static final String SEPARATORS = ",;\t";

  private VoteCsv() {}

  static List<Vote> read(String text, Faults faults) {
    List<Vote> votes = new ArrayList<>();
    try (CsvReader<CsvRecord> reader =
        CsvReader.builder()
            .fieldSeparator(separator(text))
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE) // counted below, to name the line
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .allowUnclosedQuote(false)
            .ofCsvRecord(text)) {
      List<String> header = null;
      for (CsvRecord line : reader) {
        if (header == null) {
          header = line.getFields().stream().map(String::strip).toList();
          checkHeader(header, faults);
          if (!faults.isEmpty()) {
            return votes; // each line would be wrong for the same reason
          }
        } else if (line.getFieldCount() != header.size()) {
          faults.add(
              line.getStartingLineNumber(),
              Words.of("%d fields where the header has %d", line.getFieldCount(), header.size()));
        } else {
          long number = line.getStartingLineNumber();
          VoteColumns.vote(row(header, line), fault -> faults.add(number, fault))
              .ifPresent(votes::add);
        }
      }
      if (header == null) {
        faults.add("there is no header; its first line must be " + required());
      }
    } catch (CsvParseException e) {
      faults.add(reason(e));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return votes;
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
    String header = text.lines().filter(line -> !line.isBlank()).findFirst().orElse("");
    return (char)
        header
            .chars()
            .filter(character -> SEPARATORS.indexOf(character) >= 0)
            .findFirst()
            .orElse(',');
  }

  private static void checkHeader(List<String> header, Faults faults) {
    for (String column : VoteColumns.REQUIRED) {
      if (!header.contains(column)) {
        faults.add(1, Words.of("the column %s is missing%s", column, Names.hint(column, header)));
      }
    }
    Set<String> seen = new HashSet<>();
    for (String column : header) {
      if (column.isEmpty()) {
        faults.add(1, "a column has no name");
      } else if (!seen.add(column)) {
        faults.add(1, Words.of("the column %s stands there twice", Faults.quoted(column)));
      }
    }
  }

  private static String required() {
    return String.join(",", VoteColumns.REQUIRED);
  }

  private static Map<String, String> row(List<String> header, CsvRecord line) {
    Map<String, String> row = new LinkedHashMap<>();
    for (int i = 0; i < header.size(); i++) {
      row.put(header.get(i), line.getField(i));
    }
    return row;
  }

  static String write(List<Vote> votes) {
    Set<String> columns = VoteColumns.of(votes);
    List<Iterable<String>> lines = new ArrayList<>();
    lines.add(columns);
    for (Vote vote : votes) {
      Map<String, String> row = VoteColumns.row(vote);
      lines.add(columns.stream().map(column -> row.getOrDefault(column, "")).toList());
    }
    return CsvLines.of(lines);
  }
}
