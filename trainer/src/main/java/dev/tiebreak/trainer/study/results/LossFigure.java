package dev.tiebreak.trainer.study.results;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.chart.DotPlot;
import dev.tiebreak.trainer.evidence.chart.Palette;
import dev.tiebreak.trainer.evidence.statistics.PairedTost;
import dev.tiebreak.trainer.lab.config.Arm;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** The forest plot of the arms' losses. */
final class LossFigure {
  private LossFigure() {}

  /** Differences from the baseline with the interval that decides on equivalence. */
  static String svg(LossAnalysis analysis) {
    double margin = analysis.results().plan().analysis().lossMargin();
    double level = 100 * (1 - 2 * analysis.results().plan().analysis().alpha());
    List<DotPlot.Row> rows = new ArrayList<>();
    for (ArmLosses arm : analysis.arms()) {
      PairedTost tost = arm.tost();
      rows.add(
          new DotPlot.Row(
              arm.arm(),
              look(analysis.results(), arm.arm()),
              arm.differences(),
              tost.equivalenceInterval(),
              Words.of("%s  %s", Numbers.signed(tost.sample().mean(), 4), tost.verdict())));
    }
    return new DotPlot(
            "Validation loss against the " + analysis.results().baseline(),
            "difference, nats per token",
            rows,
            OptionalDouble.of(0),
            margin,
            Words.of(
                "dot: mean of the seeds; bar: %.0f %% interval; rings: seeds; shaded: the margin of %s",
                level, Double.toString(margin)))
        .svg();
  }

  /** The look that an arm has in all figures. */
  static Palette look(StudyResults results, String arm) {
    List<String> names = results.plan().arms().stream().map(Arm::name).toList();
    return Palette.kind(names.indexOf(arm));
  }
}
