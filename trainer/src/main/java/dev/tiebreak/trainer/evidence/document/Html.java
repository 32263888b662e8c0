package dev.tiebreak.trainer.evidence.document;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.document.Table.Column;
import dev.tiebreak.trainer.evidence.document.Table.Row;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A document as one HTML file that needs nothing else: no network, no scripts. Light or dark as the
 * reader's device is, and made to be printed. Every text is escaped, so names from a table of votes
 * cannot become markup.
 */
public final class Html {
  private final StringBuilder html = new StringBuilder();

  private Html() {}

  public static String of(Document document) {
    Html page = new Html();
    page.head(document.title());
    page.html.append("<header>\n");
    page.element("h1", document.title());
    page.element("p", document.source());
    page.html.append("</header>\n");
    page.contents(document.sections());
    document.sections().forEach(page::section);
    page.html.append("</main>\n</body>\n</html>\n");
    return page.html.toString();
  }

  private void head(String title) {
    html.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .append("<meta name=\"color-scheme\" content=\"light dark\">\n");
    element("title", title);
    html.append("<style>\n").append(style()).append("</style>\n</head>\n<body>\n<main>\n");
  }

  private static String style() {
    try (InputStream in = Html.class.getResourceAsStream("document.css")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void contents(List<Section> sections) {
    html.append("<nav aria-label=\"Contents\"><ul>\n");
    sections.forEach(one -> add("<li><a href=\"#%s\">%s</a></li>\n", one.id(), one.title()));
    html.append("</ul></nav>\n");
  }

  private void section(Section section) {
    add("<section id=\"%s\">\n", section.id());
    element("h2", section.title());
    for (Block block : section.blocks()) {
      switch (block) {
        case Block.Text text -> element("p", text.words());
        case Block.Items list -> list(list.items());
        case Facts facts -> facts(facts);
        case Table table -> table(table);
        case Figure figure -> figure(figure);
      }
    }
    html.append("</section>\n");
  }

  private void list(List<String> items) {
    html.append("<ul>\n");
    items.forEach(item -> element("li", item));
    html.append("</ul>\n");
  }

  private void facts(Facts facts) {
    html.append("<dl>\n");
    facts
        .values()
        .forEach((name, value) -> {
          element("dt", Facts.heading(name));
          Facts.lines(value).forEach(line -> element("dd", line));
        });
    html.append("</dl>\n");
  }

  private void figure(Figure figure) {
    add("<figure id=\"%s\">\n<div class=\"scroll\">", figure.id());
    html.append(figure.svg());
    add("</div>\n<figcaption>%s", figure.caption());
    if (!figure.data().isEmpty()) {
      add(" <span class=\"data\">Data: %s.csv</span>", figure.data());
    }
    html.append("</figcaption>\n</figure>\n");
  }

  private void table(Table table) {
    if (table.shown() == 0) {
      return;
    }
    html.append("<div class=\"scroll\"><table>\n");
    element("caption", table.caption());
    html.append("<thead><tr>");
    for (Column column : table.columns()) {
      add(column.format().isNumber() ? "<th class=\"n\">%s</th>" : "<th>%s</th>", column.heading());
    }
    html.append("</tr></thead>\n<tbody>\n");
    table.shownRows().forEach(row -> row(table.columns(), row));
    html.append("</tbody></table></div>\n");
    element("p", table.more());
  }

  private void row(List<Column> columns, Row row) {
    html.append(row.note().isEmpty() ? "<tr>" : "<tr class=\"noted\">");
    for (int i = 0; i < columns.size(); i++) {
      Format format = columns.get(i).format();
      String words = format.words(row.cells().get(i));
      add(format.isNumber() ? "<td class=\"n\">%s</td>" : "<td>%s</td>", words);
    }
    html.append("</tr>\n");
    if (!row.note().isEmpty()) {
      html.append("<tr class=\"note\"><td colspan=\"").append(columns.size()).append("\">");
      add("<div>%s</div></td></tr>\n", row.note());
    }
  }

  /** An element with a text; nothing for an empty one. */
  private void element(String name, String text) {
    if (!text.isEmpty()) {
      add(Words.of("<%s>%%s</%s>\n", name, name), text);
    }
  }

  /** Markup around texts, which are escaped. */
  private void add(String markup, String... texts) {
    html.append(Words.of(markup, Arrays.stream(texts).map(Html::escape).toArray()));
  }

  /** Numbers are not torn from their per cent at the end of a line. */
  private static String escape(String text) {
    return Markup.escape(text).replaceAll("(?<=\\d) %", "\u00a0%");
  }
}
