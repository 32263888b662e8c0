package dev.tiebreak.trainer.evidence.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.trainer.evidence.statistics.Interval;
import dev.tiebreak.trainer.evidence.statistics.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One document in all formats. */
class DocumentTest {
  private static final Table TABLE =
      Table.of("rates", "What came out")
          .column("name", "Name", Format.TEXT)
          .column("rate", "Rate", Format.PERCENT)
          .column("interval", "95 % interval", Format.PERCENT)
          .column("loss", "Loss", Format.DECIMAL)
          .column("p", "p", Format.P)
          .noted("by hand", "a | \"b\",\n<c>", 0.599, new Interval(0.95, 0.5, 0.65), null, 2.8e-8)
          .row("none", Double.NaN, Interval.NONE, new Sample(3, 1.25, 0.5), 0.04)
          .build();

  private static Document document(Block... blocks) {
    Section section =
        Section.of("one", "The first").text("A text of 5 % & more.").add(blocks).build();
    return new Document("Title <i>", "Read: nothing.", List.of(section));
  }

  private static Document everything() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("seed_of_all", 7L);
    facts.put("unknown", Double.NaN);
    facts.put("reasons", List.of("one", "two"));
    return document(
        TABLE,
        new Block.Items(List.of("first", "second")),
        new Facts("settings", facts),
        new Figure("curve", "A curve.", "<svg></svg>", "rates"));
  }

  @Test
  void aFigureWithoutACaptionCannotBeBuilt() {
    assertThatThrownBy(() -> Figure.of("curve", " ", "<svg/>"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("curve");
  }

  @Test
  void idsNameFilesSoNoneComesTwice() {
    assertThatThrownBy(() -> document(TABLE, TABLE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("table rates");
    Figure figure = Figure.of("rates", "Another thing than the table.", "<svg/>");
    assertThat(document(TABLE, figure).figures()).containsExactly(figure);
  }

  @Test
  void aRowHasACellForEachColumn() {
    assertThatThrownBy(() -> Table.of("t", "").column("a", "A", Format.TEXT).row("x", 1).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 cells under 1 columns");
  }

  @Test
  void htmlEscapesEverythingButFigures() {
    assertThat(Html.of(everything()))
        .contains(
            "<h1>Title &lt;i&gt;</h1>",
            "A text of 5\u00a0% &amp; more.",
            "<td>a | &quot;b&quot;, &lt;c&gt;</td><td class=\"n\">59.9\u00a0%</td>"
                + "<td class=\"n\">50.0 to 65.0\u00a0%</td><td class=\"n\">-</td>",
            "<td class=\"n\">1.2500 ± 0.5000</td>",
            "<div>by hand</div>",
            "<li>second</li>",
            "<dt>seed of all</dt>\n<dd>7</dd>",
            "<dt>unknown</dt>\n<dd>-</dd>",
            "<dd>one</dd>\n<dd>two</dd>",
            "<svg></svg></div>\n<figcaption>A curve. <span class=\"data\">Data: rates.csv</span>")
        .doesNotContain("<i>", "<c>", "NaN", "http");
  }

  @Test
  void markdownHasFiguresBesideIt() {
    assertThat(Markdown.of(everything(), "figures"))
        .startsWith("# Title <i>\n\nRead: nothing.\n\n## The first\n\nA text of 5 % & more.\n")
        .contains(
            "\n**What came out**\n\n| Name | Rate | 95 % interval | Loss | p |\n"
                + "| --- | ---: | ---: | ---: | ---: |\n"
                + "| a \\| \"b\", <c>: by hand | 59.9 % | 50.0 to 65.0 % | - | 2.8e-08 |\n"
                + "| none | - | - | 1.2500 ± 0.5000 | 0.040 |\n",
            "\n- first\n- second\n",
            "- seed of all: 7\n- unknown: -\n- reasons: one\n  - two\n",
            "![A curve.](figures/curve.svg)");
  }

  @Test
  void plainTextIsAlignedAndTellsMeans() {
    Table table =
        Table.of("t", "")
            .column("name", "Name", Format.TEXT)
            .column("loss", "Loss", Format.DECIMAL)
            .row("x".repeat(50), new Sample(3, 1.25, 0.5))
            .row("short", -12.0)
            .build();
    assertThat(Plain.of(List.of(table)))
        .isEqualTo(
            "Name"
                + " ".repeat(44)
                + "Loss\n"
                + "x".repeat(41)
                + "…    1.2500\n"
                + "short"
                + " ".repeat(37)
                + "  -12.0000\n");
    assertThat(Plain.of(List.of(new Block.Text("a ".repeat(60)), new Block.Items(List.of("b")))))
        .isEqualTo("a ".repeat(48).strip() + "\n" + "a ".repeat(12).strip() + "\n\n- b\n");
    assertThat(Plain.of(everything().sections().getFirst().blocks()))
        .contains("seed of all  7\nunknown      -\nreasons      one\n             two\n")
        .doesNotContain("<svg");
  }

  @Test
  void jsonHoldsAllDigitsAndNullForNoNumber() {
    assertThat(Json.of(everything()))
        .contains(
            "\"seed_of_all\" : 7",
            "\"unknown\" : null",
            "\"rate\" : 0.599",
            "\"p\" : 2.8E-8",
            "\"note\" : \"by hand\"",
            "\"low\" : 0.5,\n        \"high\" : 0.65",
            "\"n\" : 3,\n        \"mean\" : 1.25,\n        \"sd\" : 0.5")
        .doesNotContain("NaN", "svg");
  }

  @Test
  void csvQuotesAndWidensIntervalsAndSamples() {
    assertThat(Csv.of(TABLE))
        .isEqualTo(
            """
            name,rate,interval_low,interval_high,loss_mean,loss_sd,p
            "a | ""b"",
            <c>",0.599,0.5,0.65,,,2.8E-8
            none,,,,1.25,0.5,0.04
            """);
  }

  @Test
  void someColumnsInAnotherOrder() {
    Table some = TABLE.select("p", "name");
    assertThat(some.rows().getLast().cells()).containsExactly(0.04, "none");
    assertThat(some.column("name")).hasSize(2);
  }

  @Test
  void longTablesAreCutOnPagesAndWholeInFiles() {
    Table.Builder rows = Table.of("many", "").column("i", "I", Format.COUNT);
    for (int i = 0; i < 1100; i++) {
      rows.row(i);
    }
    assertThat(Html.of(document(rows.build())))
        .contains(">39<", "1,060 more rows are in many.csv.")
        .doesNotContain(">40<");
    assertThat(Csv.of(rows.build()).lines()).hasSize(1101);
    assertThat(Html.of(document(rows.whole()))).contains(">1,099<").doesNotContain("more rows");
    assertThat(Html.of(document(rows.hidden()))).doesNotContain("<table>");
  }

  @Test
  void filesOfADocument(@TempDir Path folder) throws IOException {
    assertThat(DocumentFiles.write(everything(), folder.resolve("new"), "page")).isEqualTo(1);
    assertThat(DocumentFiles.figures(everything(), folder.resolve("new"))).isEqualTo(1);
    try (Stream<Path> files = Files.list(folder.resolve("new"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("rates.csv", "page.json", "page.html", "curve.svg");
    }
  }
}
