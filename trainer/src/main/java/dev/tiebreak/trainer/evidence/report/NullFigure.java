package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.evidence.chart.Histogram;
import dev.tiebreak.trainer.evidence.chart.Palette;
import dev.tiebreak.trainer.evidence.document.Figure;
import dev.tiebreak.trainer.evidence.document.Format;
import dev.tiebreak.trainer.evidence.document.Section;
import dev.tiebreak.trainer.evidence.document.Table;
import dev.tiebreak.trainer.evidence.statistics.Sample;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Rates that would be seen if there were no preference, each list rising.
 *
 * @param independent of independent votes
 * @param clustered with prompts as clusters
 */
record NullFigure(double[] independent, double[] clustered, double seen, String name) {
  private static final int BINS = 36;
  private static final int QUANTILES = 100;

  /** Adds the figure and, for the files, its quantiles. */
  void addTo(Section.Builder section, String id, String caption) {
    Table.Builder table =
        Table.of(id.replace('-', '_'), "Quantiles of the null distributions")
            .column("share", "Share below", Format.PERCENT)
            .column("independent", "Independent", Format.PERCENT)
            .column("by_prompt", "By prompt", Format.PERCENT);
    for (int i = 1; i < QUANTILES; i++) {
      double share = (double) i / QUANTILES;
      table.row(share, Sample.quantile(independent, share), Sample.quantile(clustered, share));
    }
    Table data = table.hidden();
    section.add(new Figure(id, caption, svg(), data.id()), data);
  }

  private String svg() {
    return new Histogram(
            "Null distributions of the rate",
            "share of decisive votes for the treatment",
            List.of(
                new Histogram.Named("independent votes", Palette.kind(1), independent),
                new Histogram.Named("prompts as clusters", Palette.kind(0), clustered)),
            BINS,
            OptionalDouble.of(seen),
            name)
        .svg();
  }
}
