package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.evidence.chart.ForestPlot;
import dev.tiebreak.trainer.evidence.document.Format;
import dev.tiebreak.trainer.evidence.document.Section;
import dev.tiebreak.trainer.evidence.document.Table;
import dev.tiebreak.trainer.evidence.report.Method.Scale;
import java.util.List;
import java.util.Locale;

/** All estimates of the comparison that is tested first, by each kind of judges. */
final class EstimateSection {
  private EstimateSection() {}

  static Section of(Analysis analysis) {
    Stratum primary = analysis.primary();
    String level = analysis.rules().percentLevel();
    Section.Builder section =
        Section.of("estimates", "How strongly: " + primary.words())
            .text(
                "Every way to look at the same votes. Those above the naive ones allow for votes that share a"
                    + " judge, a prompt or a pair of models, as nearly all do. Intervals are of "
                    + level
                    + " %.");
    add(section, primary, "estimates");
    for (Stratum one : analysis.strata()) {
      if (one.comparison() == primary.comparison() && one != primary) {
        section.text("The same comparison as judged by " + Stratum.judges(one.kind()) + ":");
        add(section, one, "estimates_" + one.kind().label());
      }
    }
    return section.build();
  }

  private static void add(Section.Builder section, Stratum stratum, String id) {
    List<Estimate> estimates = stratum.estimates();
    Table digits = digits(id + "_digits", estimates);
    section.figure(
        "forest-" + id,
        "All estimates of one preference. Where naive intervals are much narrower than the others,"
            + " votes are not independent.",
        forest("Preference for " + stratum.comparison().treatment(), estimates),
        digits);
    section.add(table(id, "Estimates, " + Stratum.judges(stratum.kind()), estimates));
  }

  /** A table: assumption and reference stand below each estimate. */
  static Table table(String id, String caption, List<Estimate> estimates) {
    Table.Builder table =
        Table.of(id, caption)
            .column("estimate", "Estimate", Format.TEXT)
            .column("words", "Value", Format.TEXT)
            .column("interval", "Interval", Format.TEXT)
            .column("p", "p", Format.P);
    for (Estimate one : estimates) {
      table.noted(
          one.remark() + " [" + one.method().basis().reference() + "]",
          one.method().words(),
          one.words(),
          one.range(),
          one.p());
    }
    return table.build();
  }

  /** The same with all digits, for the files. */
  private static Table digits(String id, List<Estimate> estimates) {
    Table.Builder table =
        Table.of(id, "Estimates with all digits")
            .column("id", "Id", Format.TEXT)
            .column("name", "Name", Format.TEXT)
            .column("scale", "Scale", Format.TEXT)
            .column("value", "Value", Format.NUMBER)
            .column("level", "Level", Format.NUMBER)
            .column("low", "Low", Format.NUMBER)
            .column("high", "High", Format.NUMBER)
            .column("p", "p", Format.P)
            .column("naive", "Naive", Format.TEXT)
            .column("assumption", "Assumption", Format.TEXT)
            .column("reference", "Reference", Format.TEXT);
    for (Estimate one : estimates) {
      table.row(
          one.method().id(),
          one.method().words(),
          one.method().scale().name().toLowerCase(Locale.ROOT),
          one.value(),
          one.interval().level(),
          one.interval().low(),
          one.interval().high(),
          one.p(),
          one.method().isNaive() ? "yes" : "no",
          one.remark(),
          one.method().basis().reference());
    }
    return table.hidden();
  }

  /** All rates with an interval, in per cent; naive ones as rings. */
  private static String forest(String title, List<Estimate> estimates) {
    List<ForestPlot.Row> rows =
        estimates.stream()
            .filter(one -> one.method().scale() == Scale.RATE && one.isPresent())
            .map(one ->
                new ForestPlot.Row(
                    one.method().words(),
                    100 * one.value(),
                    one.interval().times(100),
                    Double.NaN,
                    one.words(),
                    one.method().isNaive()))
            .toList();
    return ForestPlot.ofPreferences(
        title, rows, "rings with dashed lines: naive, votes taken for independent");
  }
}
