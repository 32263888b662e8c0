package dev.tiebreak.tests.gpu;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.document.Document;
import dev.tiebreak.trainer.evidence.document.Format;
import dev.tiebreak.trainer.evidence.document.Markdown;
import dev.tiebreak.trainer.evidence.document.Section;
import dev.tiebreak.trainer.evidence.document.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** The page for people: what failed first, then speed, then each part. */
final class SummaryPage {
  /** Dense bf16 operations a second of an H100 or H200 (SXM), by NVIDIA's data sheet. */
  private static final double PEAK = 989e12;

  private static final List<String> COUNTS = List.of("weights", "causal", "full");
  private static final int MOST_REASONS = 20;

  private final Summary summary;
  private final String date;

  SummaryPage(Summary summary, String date) {
    this.summary = summary;
    this.date = date;
  }

  String markdown() {
    List<Section> sections = new ArrayList<>(List.of(parts(), failures(), notes(), steps()));
    for (Summary.Part part : summary.parts()) {
      part.result()
          .ifPresent(json ->
              json.path("tables")
                  .properties()
                  .forEach(table -> sections.add(section(table.getKey(), table.getValue()))));
    }
    Document document =
        new Document(
            Words.of("GPU suite: %s, %s", summary.device(), date),
            Words.of("Version %s.", summary.version()),
            sections.stream().filter(section -> !section.blocks().isEmpty()).toList());
    return Markdown.of(document, ".");
  }

  private static Stream<JsonNode> each(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }

  private static Stream<JsonNode> each(Summary.Part part, String list) {
    return part.result().stream().flatMap(json -> each(json.path(list)));
  }

  private Section parts() {
    Table.Builder table =
        Table.of("parts", "")
            .column("part", "part", Format.TEXT)
            .column("outcome", "outcome", Format.TEXT)
            .column("checks", "checks that hold", Format.TEXT)
            .column("seconds", "seconds", Format.COUNT);
    for (Summary.Part part : summary.parts()) {
      long all = each(part, "checks").count();
      long held = each(part, "checks").filter(check -> check.path("ok").asBoolean()).count();
      table.row(part.name(), part.outcome(), all == 0 ? "" : held + " of " + all, part.seconds());
    }
    List<String> libraries = new ArrayList<>();
    summary
        .fact("libraries", "libraries")
        .ifPresent(found -> found.forEach(line -> libraries.add(line.asString())));
    return Section.of("parts", "Parts").items(libraries).add(table.whole()).build();
  }

  private Section failures() {
    Section.Builder section = Section.of("failures", "What failed");
    for (Summary.Part part : summary.failures()) {
      List<String> reasons =
          each(part, "checks")
              .filter(check -> !check.path("ok").asBoolean())
              .map(check ->
                  check.path("name").asString() + ": " + oneLine(check.path("detail").asString()))
              .toList();
      List<String> told = new ArrayList<>(reasons.stream().limit(MOST_REASONS).toList());
      if (reasons.size() > MOST_REASONS) {
        told.add("and more");
      }
      section.text(
          Words.of(
              "**%s**, status %d%s",
              part.name(), part.status(), reasons.isEmpty() ? ", see its log" : ""));
      section.items(told);
    }
    return section.build();
  }

  /** What sections say in a line; stack traces are in the JSON. */
  private Section notes() {
    Section.Builder section = Section.of("notes", "Notes");
    for (Summary.Part part : summary.parts()) {
      each(part, "notes")
          .map(JsonNode::asString)
          .filter(note -> note.lines().count() == 1)
          .forEach(note -> section.text(part.name() + ": " + note));
    }
    return section.build();
  }

  private Section steps() {
    List<JsonNode> steps = summary.steps();
    Section.Builder section = Section.of("steps", "A training step in bf16");
    if (steps.isEmpty()) {
      return section.build();
    }
    double measured = summary.matrixRate() * 1e12;
    Table.Builder table =
        Table.of("steps", "")
            .column("model", "model", Format.TEXT)
            .column("program", "program", Format.TEXT)
            .column("size", "B x T", Format.TEXT)
            .column("tokens", "tokens/s", Format.COUNT)
            .column("milliseconds", "ms, median (least-most)", Format.TEXT)
            .column("mfu", "MFU of 989 TFLOP/s", Format.TEXT)
            .column("of_measured", Words.of("of %.0f TFLOP/s", measured * 1e-12), Format.TEXT)
            .column("memory", "peak memory", Format.TEXT);
    steps.forEach(step -> table.row(row(step, measured)));
    return section
        .add(table.whole())
        .text(
            "A step is one micro-batch forward and backward, the clip by the global norm, and AdamW, on"
                + " random tokens. MFU is given three times, by what counts as work on a token: 6"
                + " operations for each weight in a matrix product; these and attention's products as far"
                + " as a causal model needs them; these and the full square. "
                + (measured == 0
                    ? "No matrix product was timed in this run."
                    : "The second rate is the fastest large bf16 product, on random data, of this very"
                        + " run."))
        .build();
  }

  private static Object[] row(JsonNode step, double measured) {
    double rate = step.path("tokens_per_second").asDouble();
    double bytes = step.path("peak_bytes").asDouble(0);
    JsonNode flops = step.path("flops_per_token");
    return new Object[] {
      step.path("model").asString(),
      step.path("program").asString()
          + (step.path("compiled").asBoolean(false) ? ", compiled" : ""),
      step.path("batch").asInt() + " x " + step.path("length").asInt(),
      rate,
      Words.of(
          "%.2f (%.2f-%.2f)",
          step.path("milliseconds").asDouble(),
          step.path("milliseconds_least").asDouble(),
          step.path("milliseconds_most").asDouble()),
      shares(flops, rate, PEAK),
      measured == 0 ? "" : shares(flops, rate, measured),
      bytes == 0 ? "" : Words.of("%.1f GB", bytes * 1e-9)
    };
  }

  private static String shares(JsonNode flops, double rate, double peak) {
    return COUNTS.stream()
        .map(count -> Words.of("%.1f", 100 * flops.path(count).asDouble() * rate / peak))
        .collect(Collectors.joining(" / ", "", " %"));
  }

  /** A table that a part wrote: a title, and rows by the headings of its columns. */
  private static Section section(String title, JsonNode rows) {
    Table.Builder table = Table.of(title, "");
    if (!rows.isEmpty()) {
      rows.get(0).propertyNames().forEach(name -> table.column(name, name, Format.TEXT));
    }
    rows.forEach(row -> table.row(each(row).map(JsonNode::asString).toArray()));
    return Section.of(title, title).add(table.whole()).build();
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s*\\R\\s*", " ");
  }
}
