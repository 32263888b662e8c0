package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.base.Words;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * A table of a report, which becomes a table of the page, an array of the JSON file and a CSV file.
 *
 * @param id names the file, such as {@code estimates}
 * @param caption above the table
 * @param columns from the left
 * @param rows from above
 * @param shown how many rows the page shows; the files hold all
 */
public record Table(String id, String caption, List<Column> columns, List<Row> rows, int shown)
    implements Block {
  /** Rows that a page shows of a long table. */
  public static final int MANY = 40;

  /**
   * A column.
   *
   * @param key in files, such as {@code win_rate}
   * @param heading on the page
   */
  public record Column(String key, String heading, Format format) {}

  /**
   * A row.
   *
   * @param cells strings, numbers or null for a number that there is not; numbers that are not
   *     finite become null
   * @param note in small letters below the row on the page; may be empty
   */
  public record Row(List<Object> cells, String note) {
    /** Checks and copies the cells. */
    public Row {
      List<Object> copy = new ArrayList<>();
      for (Object cell : cells) {
        boolean none = cell instanceof Double number && !Double.isFinite(number);
        copy.add(none ? null : cell);
      }
      cells = Collections.unmodifiableList(copy); // List.copyOf takes no null
    }
  }

  /** Copies the lists. */
  public Table {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
    for (Row row : rows) {
      if (row.cells.size() != columns.size()) {
        throw new IllegalArgumentException(
            Words.of(
                "%s: a row of %d cells under %d columns", id, row.cells.size(), columns.size()));
      }
    }
  }

  /** A table in the making. */
  public static final class Builder {
    private final String id;
    private final String caption;
    private final List<Column> columns = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();

    private Builder(String id, String caption) {
      this.id = id;
      this.caption = caption;
    }

    /** Adds a column. */
    Builder column(String key, String heading, Format format) {
      columns.add(new Column(key, heading, format));
      return this;
    }

    /** Adds a row without a note. */
    Builder row(Object... cells) {
      return noted("", cells);
    }

    /** Adds a row. */
    Builder noted(String note, Object... cells) {
      rows.add(new Row(Arrays.asList(cells), note));
      return this;
    }

    /** The table. */
    Table build() {
      return new Table(id, caption, columns, rows, MANY);
    }

    /** The table, for the files alone. */
    Table hidden() {
      return new Table(id, caption, columns, rows, 0);
    }
  }

  /** Begins a table. */
  static Builder of(String id, String caption) {
    return new Builder(id, caption);
  }
}
