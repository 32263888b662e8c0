package dev.tiebreak.trainer.evidence.document;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.statistics.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A table, which becomes a table of pages, an array of the JSON file and a CSV file.
 *
 * @param id names the file, such as {@code estimates}
 * @param caption above the table; may be empty
 * @param shown how many rows pages show; files hold all
 */
public record Table(String id, String caption, List<Column> columns, List<Row> rows, int shown)
    implements Block {
  /** Rows that a page shows of a long table. */
  public static final int MANY = 40;

  /**
   * A column.
   *
   * @param key in files, such as {@code win_rate}
   * @param heading on pages
   */
  public record Column(String key, String heading, Format format) {}

  /**
   * A row.
   *
   * @param cells texts, numbers, truth values, {@link
   *     dev.tiebreak.trainer.evidence.statistics.Sample}s (a mean and its spread), {@link
   *     Interval}s, or null for a number that there is not; what is not finite becomes null
   * @param note in small letters below the row; may be empty
   */
  public record Row(List<Object> cells, String note) {
    public Row {
      List<Object> copy = new ArrayList<>();
      cells.forEach(cell -> copy.add(finite(cell)));
      cells = Collections.unmodifiableList(copy); // List.copyOf takes no null
    }
  }

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

  /** A value, or null for a number or an interval that is not finite. */
  static Object finite(Object value) {
    return switch (value) {
      case Double number when !Double.isFinite(number) -> null;
      case Interval interval when !Double.isFinite(interval.high() - interval.low()) -> null;
      case null, default -> value;
    };
  }

  List<Row> shownRows() {
    return rows.subList(0, Math.min(shown, rows.size()));
  }

  /** What pages say about rows that they leave out; empty if they show all or none. */
  String more() {
    int hidden = rows.size() - shown;
    return shown > 0 && hidden > 0 ? Words.of("%,d more rows are in %s.csv.", hidden, id) : "";
  }

  /** The same rows with some of the columns, in the order in which they are named. */
  public Table select(String... keys) {
    List<String> all = columns.stream().map(Column::key).toList();
    List<Integer> places = Arrays.stream(keys).map(all::indexOf).toList();
    List<Row> some =
        rows.stream()
            .map(row -> new Row(places.stream().map(row.cells::get).toList(), row.note))
            .toList();
    return new Table(id, caption, places.stream().map(columns::get).toList(), some, shown);
  }

  /** The values of a column. */
  public List<Object> column(String key) {
    int at =
        IntStream.range(0, columns.size())
            .filter(i -> columns.get(i).key.equals(key))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException(id + " has no column " + key));
    List<Object> values = new ArrayList<>();
    rows.forEach(row -> values.add(row.cells.get(at)));
    return values;
  }

  public static Builder of(String id, String caption) {
    return new Builder(id, caption);
  }

  public static final class Builder {
    private final String id;
    private final String caption;
    private final List<Column> columns = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();

    private Builder(String id, String caption) {
      this.id = id;
      this.caption = caption;
    }

    public Builder column(String key, String heading, Format format) {
      columns.add(new Column(key, heading, format));
      return this;
    }

    /** Adds a row without a note. */
    public Builder row(Object... cells) {
      return noted("", cells);
    }

    public Builder noted(String note, Object... cells) {
      rows.add(new Row(Arrays.asList(cells), note));
      return this;
    }

    /** The table; pages show {@value #MANY} rows of it. */
    public Table build() {
      return new Table(id, caption, columns, rows, MANY);
    }

    /** The table, of which pages show every row. */
    public Table whole() {
      return new Table(id, caption, columns, rows, Math.max(1, rows.size()));
    }

    /** The table, for the files alone. */
    public Table hidden() {
      return new Table(id, caption, columns, rows, 0);
    }
  }
}
