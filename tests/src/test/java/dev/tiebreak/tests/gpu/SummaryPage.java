package dev.tiebreak.tests.gpu;

import static dev.tiebreak.tests.gpu.Report.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** The page for people: what failed first, then speed, then each part. */
final class SummaryPage {
  /** Dense bf16 operations a second of an H100 or H200 (SXM), by NVIDIA's data sheet. */
  private static final double PEAK = 989e12;

  private static final List<String> COUNTS = List.of("weights", "causal", "full");

  private final Summary summary;
  private final String date;
  private final StringBuilder page = new StringBuilder();

  SummaryPage(Summary summary, String date) {
    this.summary = summary;
    this.date = date;
  }

  String text() {
    page.append(String.format(Locale.ROOT, "# GPU suite: %s, %s%n%n", summary.device(), date));
    page.append(String.format(Locale.ROOT, "Version %s.%n%n", summary.version()));
    summary
        .fact("libraries", "libraries")
        .ifPresent(libraries ->
            libraries.forEach(
                line -> page.append(String.format(Locale.ROOT, "- %s%n", line.asString()))));
    parts();
    failures();
    notes();
    steps();
    sections();
    return page.toString();
  }

  private void parts() {
    List<List<String>> rows = new ArrayList<>();
    for (Summary.Part part : summary.parts()) {
      JsonNode checks = part.result().map(json -> json.path("checks")).orElse(null);
      long held = 0;
      long all = 0;
      if (checks != null) {
        for (JsonNode check : checks) {
          all++;
          held += check.path("ok").asBoolean() ? 1 : 0;
        }
      }
      rows.add(
          List.of(
              part.name(),
              part.outcome(),
              all == 0 ? "" : held + " of " + all,
              String.valueOf(part.seconds())));
    }
    table("Parts", List.of("part", "outcome", "checks that hold", "seconds"), rows);
  }

  private void failures() {
    if (summary.failures().isEmpty()) {
      return;
    }
    page.append(String.format(Locale.ROOT, "%n## What failed%n%n"));
    for (Summary.Part part : summary.failures()) {
      page.append(String.format(Locale.ROOT, "- **%s**, status %d", part.name(), part.status()));
      List<String> reasons = new ArrayList<>();
      part.result()
          .ifPresent(json ->
              json.path("checks")
                  .forEach(check -> {
                    if (!check.path("ok").asBoolean()) {
                      reasons.add(
                          check.path("name").asString()
                              + ": "
                              + oneLine(check.path("detail").asString()));
                    }
                  }));
      page.append(reasons.isEmpty() ? ", see its log" : "");
      reasons.stream()
          .limit(20)
          .forEach(reason -> page.append(String.format(Locale.ROOT, "%n  - %s", reason)));
      page.append(reasons.size() > 20 ? String.format(Locale.ROOT, "%n  - and more%n") : "\n");
    }
  }

  /** What sections say in a line; stack traces are in the JSON. */
  private void notes() {
    for (Summary.Part part : summary.parts()) {
      part.result()
          .ifPresent(json ->
              json.path("notes")
                  .forEach(note -> {
                    if (note.asString().lines().count() == 1) {
                      page.append(
                          String.format(Locale.ROOT, "%n%s: %s%n", part.name(), note.asString()));
                    }
                  }));
    }
  }

  private void steps() {
    List<JsonNode> steps = summary.steps();
    if (steps.isEmpty()) {
      return;
    }
    double measured = summary.matrixRate() * 1e12;
    List<List<String>> rows = new ArrayList<>();
    for (JsonNode step : steps) {
      double rate = step.path("tokens_per_second").asDouble();
      JsonNode flops = step.path("flops_per_token");
      rows.add(
          List.of(
              step.path("model").asString(),
              step.path("program").asString() + (compiled(step) ? ", compiled" : ""),
              step.path("batch").asInt() + " x " + step.path("length").asInt(),
              Report.text("%,.0f", rate),
              Report.text(
                  "%.2f (%.2f-%.2f)",
                  step.path("milliseconds").asDouble(),
                  step.path("milliseconds_least").asDouble(),
                  step.path("milliseconds_most").asDouble()),
              shares(flops, rate, PEAK),
              measured == 0 ? "" : shares(flops, rate, measured),
              gigabytes(step.path("peak_bytes").asDouble(0))));
    }
    table(
        "A training step in bf16",
        List.of(
            "model",
            "program",
            "B x T",
            "tokens/s",
            "ms, median (least-most)",
            "MFU of 989 TFLOP/s",
            Report.text("of %.0f TFLOP/s", measured * 1e-12),
            "peak memory"),
        rows);
    page.append(
        String.format(
            Locale.ROOT,
            """

            A step is one micro-batch forward and backward, the clip by the global norm, and AdamW, on
            random tokens. MFU is given three times, by what counts as work on a token: 6 operations for
            each weight in a matrix product; these and attention's products as far as a causal model
            needs them; these and the full square. %s
            """,
            measured == 0
                ? "No matrix product was timed in this run."
                : "The second rate is the fastest large bf16 product, on random data, of this"
                    + " very run."));
  }

  private static boolean compiled(JsonNode step) {
    return step.path("compiled").asBoolean(false);
  }

  private static String shares(JsonNode flops, double rate, double peak) {
    return COUNTS.stream()
        .map(count -> Report.text("%.1f", 100 * flops.path(count).asDouble() * rate / peak))
        .collect(Collectors.joining(" / ", "", " %"));
  }

  private static String gigabytes(double bytes) {
    return bytes == 0 ? "" : Report.text("%.1f GB", bytes * 1e-9);
  }

  private void sections() {
    for (Summary.Part part : summary.parts()) {
      part.result()
          .ifPresent(json -> {
            for (JsonNode table : json.path("tables")) {
              List<List<String>> rows = new ArrayList<>();
              table.path("rows").forEach(row -> rows.add(cells(row)));
              table(table.path("title").asString(), cells(table.path("columns")), rows);
            }
          });
    }
  }

  private static List<String> cells(JsonNode row) {
    List<String> cells = new ArrayList<>();
    row.forEach(cell -> cells.add(oneLine(cell.asString())));
    return cells;
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s*\\R\\s*", " ").replace("|", "\\|");
  }

  private void table(String title, List<String> columns, List<List<String>> rows) {
    page.append(String.format(Locale.ROOT, "%n## %s%n%n", title));
    line(columns);
    line(columns.stream().map(_ -> "---").toList());
    rows.forEach(this::line);
  }

  private void line(List<String> cells) {
    page.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }
}
