package dev.tiebreak.trainer.evidence.document;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.document.Table.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A document as Markdown, with its figures as files beside it. */
public final class Markdown {
  private final String figures;
  private final StringBuilder page = new StringBuilder();

  private Markdown(String figures) {
    this.figures = figures;
  }

  /** The file; the folder of the figures is as seen from it. */
  public static String of(Document document, String figures) {
    Markdown markdown = new Markdown(figures);
    markdown.page.append("# ").append(document.title()).append('\n');
    markdown.paragraph(document.source());
    for (Section section : document.sections()) {
      markdown.page.append("\n## ").append(section.title()).append('\n');
      section.blocks().forEach(markdown::block);
    }
    return markdown.page.toString();
  }

  private void block(Block block) {
    switch (block) {
      case Block.Text text -> paragraph(text.words());
      case Block.Items list -> list(list.items());
      case Facts facts -> facts(facts);
      case Table table -> table(table);
      case Figure figure ->
          paragraph(Words.of("![%s](%s/%s.svg)", figure.caption(), figures, figure.id()));
    }
  }

  /** Nothing for an empty one. */
  private void paragraph(String text) {
    if (!text.isEmpty()) {
      page.append('\n').append(text).append('\n');
    }
  }

  private void list(List<String> items) {
    page.append('\n');
    items.forEach(item -> page.append("- ").append(item).append('\n'));
  }

  private void facts(Facts facts) {
    List<String> items = new ArrayList<>();
    facts
        .values()
        .forEach((name, value) ->
            items.add(Facts.heading(name) + ": " + String.join("\n  - ", Facts.lines(value))));
    list(items);
  }

  private void table(Table table) {
    if (table.shown() == 0) {
      return;
    }
    if (!table.caption().isEmpty()) {
      paragraph("**" + table.caption() + "**");
    }
    page.append('\n');
    row(table.columns().stream().map(Table.Column::heading).toList(), "");
    row(table.columns().stream().map(one -> one.format().isNumber() ? "---:" : "---").toList(), "");
    for (Row row : table.shownRows()) {
      List<String> cells = new ArrayList<>();
      for (int i = 0; i < row.cells().size(); i++) {
        cells.add(table.columns().get(i).format().words(row.cells().get(i)));
      }
      row(cells, row.note());
    }
    paragraph(table.more());
  }

  /** A note stands in the first cell. */
  private void row(List<String> cells, String note) {
    List<String> all = new ArrayList<>(cells);
    all.set(0, note.isEmpty() ? all.getFirst() : all.getFirst() + ": " + note);
    page.append(
        all.stream()
            .map(cell -> cell.replaceAll("\\s*\\R\\s*", " ").replace("|", "\\|"))
            .collect(Collectors.joining(" | ", "| ", " |\n")));
  }
}
