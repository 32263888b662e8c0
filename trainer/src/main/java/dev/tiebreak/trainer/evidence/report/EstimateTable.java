package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.evidence.chart.ForestPlot;
import dev.tiebreak.trainer.evidence.report.Estimate.Scale;
import dev.tiebreak.trainer.evidence.statistics.Interval;
import java.util.List;
import java.util.Locale;

/** Estimates as a table and as a forest plot. */
final class EstimateTable {
  private EstimateTable() {}

  /** A table: assumption and reference stand below each estimate. */
  static Table of(String id, String caption, List<Estimate> estimates) {
    Table.Builder table =
        Table.of(id, caption)
            .column("estimate", "Estimate", Format.TEXT)
            .column("words", "Value", Format.TEXT)
            .column("interval", "Interval", Format.TEXT)
            .column("p", "p", Format.P);
    for (Estimate one : estimates) {
      table.noted(
          one.assumption() + " [" + one.reference() + "]",
          one.name() + (one.naive() ? " (naive)" : ""),
          one.words(),
          one.range(),
          one.p());
    }
    return table.build();
  }

  /** The same with all digits, for the files. */
  static Table digits(String id, List<Estimate> estimates) {
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
          one.id(),
          one.name(),
          one.scale().name().toLowerCase(Locale.ROOT),
          one.value(),
          one.hasInterval() ? one.interval().level() : null,
          one.interval().low(),
          one.interval().high(),
          one.p(),
          one.naive() ? "yes" : "no",
          one.assumption(),
          one.reference());
    }
    return table.hidden();
  }

  /** All rates with an interval, in per cent; naive ones as rings. */
  static String forest(String title, List<Estimate> estimates) {
    List<ForestPlot.Row> rows =
        estimates.stream()
            .filter(one -> one.scale() == Scale.RATE && one.isPresent())
            .map(one ->
                new ForestPlot.Row(
                    one.name(),
                    100 * one.value(),
                    new Interval(
                        one.interval().level(),
                        100 * one.interval().low(),
                        100 * one.interval().high()),
                    Double.NaN,
                    one.words(),
                    one.naive()))
            .toList();
    return new ForestPlot(
            title,
            "share for the treatment, per cent",
            rows,
            50,
            "rings with dashed lines: naive, votes taken for independent")
        .svg();
  }
}
