package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.report.Table.Column;
import dev.tiebreak.trainer.evidence.report.Table.Row;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A report as one HTML file that needs nothing else: no network, no scripts. Light or dark as the
 * reader's device is, and made to be printed. Every text is escaped, so names from a table of votes
 * cannot become markup.
 */
final class HtmlPage {
  private final StringBuilder html = new StringBuilder();

  private HtmlPage() {}

  /** The file. */
  static String of(Report report) {
    HtmlPage page = new HtmlPage();
    page.head(report.title());
    page.top(report);
    page.contents(report.sections());
    report.sections().forEach(page::section);
    page.settings(report.settings());
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
    try (InputStream in = HtmlPage.class.getResourceAsStream("report.css")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void top(Report report) {
    html.append("<header>\n");
    element("h1", report.title());
    element("p", report.source());
    html.append("</header>\n<section class=\"verdict\" aria-label=\"Verdict\">\n");
    Conclusion conclusion = report.conclusion();
    html.append("<p class=\"outcome\"><span>Verdict</span> <strong>")
        .append(escape(conclusion.outcome().toString()))
        .append("</strong></p>\n");
    element("p", conclusion.scope());
    html.append("<ul>\n");
    conclusion.reasons().forEach(reason -> element("li", reason));
    html.append("</ul>\n</section>\n");
  }

  private void contents(List<Section> sections) {
    html.append("<nav aria-label=\"Contents\"><ul>\n");
    for (Section section : sections) {
      html.append("<li><a href=\"#").append(escape(section.id())).append("\">");
      html.append(escape(section.title())).append("</a></li>\n");
    }
    html.append("</ul></nav>\n");
  }

  private void section(Section section) {
    html.append("<section id=\"").append(escape(section.id())).append("\">\n");
    element("h2", section.title());
    for (Block block : section.blocks()) {
      switch (block) {
        case Block.Text text -> element("p", text.words());
        case Table table -> table(table);
        case Block.Picture picture -> picture(picture);
      }
    }
    html.append("</section>\n");
  }

  private void picture(Block.Picture picture) {
    html.append("<figure id=\"").append(escape(picture.id())).append("\">\n<div class=\"scroll\">");
    html.append(picture.svg()).append("</div>\n<figcaption>").append(escape(picture.caption()));
    if (!picture.data().isEmpty()) {
      html.append(" <span class=\"data\">Data: ")
          .append(escape(picture.data()))
          .append(".csv</span>");
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
      html.append(column.format() == Format.TEXT ? "<th>" : "<th class=\"n\">")
          .append(escape(column.heading()))
          .append("</th>");
    }
    html.append("</tr></thead>\n<tbody>\n");
    table.rows().stream().limit(table.shown()).forEach(row -> row(table.columns(), row));
    html.append("</tbody></table></div>\n");
    int hidden = table.rows().size() - table.shown();
    if (hidden > 0) {
      element("p", Words.of("%,d more rows are in %s.csv.", hidden, table.id()));
    }
  }

  private void row(List<Column> columns, Row row) {
    html.append(row.note().isEmpty() ? "<tr>" : "<tr class=\"noted\">");
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      html.append(column.format() == Format.TEXT ? "<td>" : "<td class=\"n\">")
          .append(escape(column.format().words(row.cells().get(i))))
          .append("</td>");
    }
    html.append("</tr>\n");
    if (!row.note().isEmpty()) {
      html.append("<tr class=\"note\"><td colspan=\"").append(columns.size()).append("\">");
      html.append("<div>").append(escape(row.note())).append("</div></td></tr>\n");
    }
  }

  private void settings(Map<String, Object> settings) {
    html.append("<section id=\"settings\">\n<h2>How to get these numbers again</h2>\n<dl>\n");
    settings.forEach((name, value) -> {
      element("dt", name.replace('_', ' '));
      element("dd", String.valueOf(value));
    });
    html.append("</dl>\n</section>\n");
  }

  private void element(String name, String text) {
    html.append('<').append(name).append('>').append(escape(text));
    html.append("</").append(name).append(">\n");
  }

  /** A text as it stands in HTML, without control characters. */
  static String escape(String text) {
    return text.replaceAll("[\\p{Cc}\\p{Cf}]", " ")
        .replaceAll("(?<=\\d) %", "\u00a0%") // not torn apart at the end of a line
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
