package dev.tiebreak.trainer.evidence.report;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.document.Table;
import dev.tiebreak.trainer.evidence.report.PublishedTotals.Count;
import dev.tiebreak.trainer.evidence.statistics.Sample;
import dev.tiebreak.trainer.evidence.statistics.power.PanelSimulation;
import dev.tiebreak.trainer.evidence.statistics.power.PanelSimulation.NullRates;
import dev.tiebreak.trainer.evidence.statistics.power.PanelSimulation.Study;
import dev.tiebreak.trainer.evidence.statistics.power.PanelSimulation.Totals;
import java.util.List;
import java.util.function.DoubleConsumer;
import java.util.function.ToDoubleFunction;

/**
 * Simulated studies that resemble the published totals, and what would be seen if prompts differed
 * as much as in these, but there were no preference.
 */
record Reconstruction(List<Study> kept, NullRates nullRates) {
  /** People's decisive votes: in the middle of the splits that fit. */
  static final int HUMAN_DECISIVE = 496;

  static final double RATE_WITHIN = 0.012;
  static final double CORRELATION_WITHIN = 0.02;
  private static final double LOW = 0.05;

  /** Draws studies, some without a preference; progress is told the share that is done. */
  static Reconstruction of(int studies, int nullStudies, long seed, DoubleConsumer progress) {
    Totals totals =
        new Totals(
            PublishedTotals.PROMPTS,
            HUMAN_DECISIVE,
            PublishedTotals.DECISIVE - HUMAN_DECISIVE,
            PublishedTotals.FINAL.rate(),
            PublishedTotals.CORRELATION);
    List<Study> kept =
        PanelSimulation.resembling(
            totals, RATE_WITHIN, CORRELATION_WITHIN, studies, seed, progress);
    if (kept.isEmpty()) {
      throw new IllegalStateException("no study of " + studies + " resembles the published totals");
    }
    double sd = quantile(kept, Study::sd, 0.5);
    return new Reconstruction(kept, PanelSimulation.underNull(totals, sd, nullStudies, seed));
  }

  private static double quantile(List<Study> kept, ToDoubleFunction<Study> of, double share) {
    return Sample.quantile(kept.stream().mapToDouble(of).sorted().toArray(), share);
  }

  double median(ToDoubleFunction<Study> of) {
    return quantile(kept, of, 0.5);
  }

  double low(ToDoubleFunction<Study> of) {
    return quantile(kept, of, LOW);
  }

  double high(ToDoubleFunction<Study> of) {
    return quantile(kept, of, 1 - LOW);
  }

  /** Median with 5 % and 95 %, such as {@code 7.1 (4.8 to 10.2)}. */
  String words(String format, double times, ToDoubleFunction<Study> of) {
    return Words.of(
        format + " (" + format + " to " + format + ")",
        times * median(of),
        times * low(of),
        times * high(of));
  }

  /** Adds median, 5 % and 95 %. */
  void row(Table.Builder table, String name, ToDoubleFunction<Study> of) {
    table.row(name, median(of), low(of), high(of));
  }

  /** How many independent votes a study's decisive votes are worth. */
  static double effectiveVotes(Study study) {
    return PublishedTotals.DECISIVE / study.designEffect();
  }

  /** Two-sided p of the sign test over prompts. */
  static double signP(Study study) {
    int n = study.promptsFor() + study.promptsAgainst();
    return n == 0 ? 1 : new Count(study.promptsFor(), n).exactP();
  }
}
