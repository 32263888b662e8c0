package dev.tiebreak.trainer.evidence.document;

import dev.tiebreak.trainer.evidence.statistics.Sample;
import java.util.ArrayList;
import java.util.List;

/**
 * Parts of a document as text for a terminal, on lines of at most 96 columns: tables are aligned,
 * long names cut, means told without their spread, figures and notes left out.
 */
public final class Plain {
  /** Columns that a line of text has at most. */
  public static final int WIDTH = 96;

  private static final int WIDEST_CELL = 42;

  private final StringBuilder text = new StringBuilder();

  private Plain() {}

  /** Blocks with an empty line between them. */
  public static String of(List<Block> blocks) {
    Plain plain = new Plain();
    for (Block block : blocks) {
      plain.text.append(plain.text.isEmpty() ? "" : "\n");
      plain.block(block);
    }
    return plain.text.toString();
  }

  private void block(Block block) {
    switch (block) {
      case Block.Text words -> line(wrap("", words.words()));
      case Block.Items list -> list.items().forEach(item -> line(wrap("- ", item)));
      case Facts facts -> facts(facts);
      case Table table -> table(table);
      case Figure _ -> {
        // there are none on a terminal
      }
    }
  }

  private void facts(Facts facts) {
    int width = facts.values().keySet().stream().mapToInt(String::length).max().orElse(0);
    facts
        .values()
        .forEach((name, value) -> {
          String begin = pad(Facts.heading(name), width, false) + "  ";
          for (String one : Facts.lines(value)) {
            line(wrap(begin, one));
            begin = " ".repeat(begin.length());
          }
        });
  }

  private void table(Table table) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(table.columns().stream().map(Table.Column::heading).toList());
    for (Table.Row row : table.shownRows()) {
      List<String> cells = new ArrayList<>();
      for (int i = 0; i < row.cells().size(); i++) {
        Object value = row.cells().get(i);
        Object told = value instanceof Sample sample ? (Object) sample.mean() : value;
        cells.add(cut(table.columns().get(i).format().words(told)));
      }
      lines.add(cells);
    }
    if (!table.caption().isEmpty()) {
      line(wrap("", table.caption()));
    }
    for (List<String> cells : lines) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < cells.size(); i++) {
        int at = i;
        int width = lines.stream().mapToInt(one -> one.get(at).length()).max().orElseThrow();
        boolean right = table.columns().get(i).format().isNumber();
        line.append(i == 0 ? "" : "  ").append(pad(cells.get(i), width, right));
      }
      line(line.toString());
    }
    if (!table.more().isEmpty()) {
      line(table.more());
    }
  }

  private static String cut(String cell) {
    return cell.length() > WIDEST_CELL ? cell.substring(0, WIDEST_CELL - 1) + "\u2026" : cell;
  }

  private static String pad(String text, int width, boolean right) {
    String space = " ".repeat(Math.max(0, width - text.length()));
    return right ? space + text : text + space;
  }

  private void line(String line) {
    text.append(line.stripTrailing()).append('\n');
  }

  /** A text on lines that fit, those after the first indented as far as the first one begins. */
  public static String wrap(String begin, String text) {
    return wrap(begin, text, WIDTH);
  }

  /** The same on lines of another width; every white space counts as a space. */
  public static String wrap(String begin, String text, int width) {
    StringBuilder lines = new StringBuilder();
    StringBuilder line = new StringBuilder(begin);
    for (String word : text.strip().split("\\s+")) {
      if (line.length() + word.length() > width && line.length() > begin.length()) {
        lines.append(line.toString().stripTrailing()).append('\n');
        line = new StringBuilder(" ".repeat(begin.length()));
      }
      line.append(word).append(' ');
    }
    return lines.append(line.toString().stripTrailing()).toString();
  }
}
