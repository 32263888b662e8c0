package dev.tiebreak.trainer.study.results;

import dev.tiebreak.trainer.base.Words;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A page of Markdown in the making. */
final class Markdown {
  private final StringBuilder page = new StringBuilder();

  /** A heading of the second order. */
  Markdown heading(String text) {
    page.append("\n## ").append(text).append('\n');
    return this;
  }

  /** A paragraph. */
  Markdown paragraph(String text) {
    page.append('\n').append(text).append('\n');
    return this;
  }

  /** A list. */
  Markdown list(List<String> items) {
    page.append('\n');
    items.forEach(item -> page.append("- ").append(item).append('\n'));
    return this;
  }

  /** A table; columns of numbers are aligned to the right. */
  Markdown table(List<String> headings, List<List<String>> rows) {
    page.append('\n');
    row(headings);
    row(
        IntStream.range(0, headings.size())
            .mapToObj(i -> rows.stream().allMatch(row -> isNumber(row.get(i))) ? "---:" : "---")
            .toList());
    rows.forEach(this::row);
    return this;
  }

  private static boolean isNumber(String cell) {
    return cell.isEmpty() || cell.equals("never") || cell.matches("[-+<.]*\\d.*|-");
  }

  private void row(List<String> cells) {
    page.append(
        cells.stream()
            .map(cell -> cell.replace("|", "\\|").replace('\n', ' '))
            .collect(Collectors.joining(" | ", "| ", " |\n")));
  }

  /** A figure with a text for those who cannot see it. */
  Markdown figure(String text, String file) {
    return paragraph(Words.of("![%s](%s)", text, file));
  }

  @Override
  public String toString() {
    return page.toString();
  }
}
