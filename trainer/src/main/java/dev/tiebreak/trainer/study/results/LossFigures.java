package dev.tiebreak.trainer.study.results;

import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.evidence.chart.DotPlot;
import dev.tiebreak.trainer.evidence.chart.LinePlot;
import dev.tiebreak.trainer.evidence.chart.LinePlot.Curve;
import dev.tiebreak.trainer.evidence.chart.Palette;
import dev.tiebreak.trainer.evidence.document.Figure;
import dev.tiebreak.trainer.evidence.document.Format;
import dev.tiebreak.trainer.evidence.statistics.paired.PairedTost;
import dev.tiebreak.trainer.lab.config.Arm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** The figures of the losses. */
final class LossFigures {
  static final String STEP = "training step";
  private static final String LOSS = "val_loss";
  private static final int LATER = 10; // curves of losses begin at a tenth of the steps

  private LossFigures() {}

  /** Differences from the baseline with the interval that decides on equivalence. */
  static Figure forest(LossAnalysis analysis) {
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
              Words.of("%s  %s", Format.signed(tost.sample().mean()), tost.verdict())));
    }
    DotPlot plot =
        new DotPlot(
            "Validation loss against the " + analysis.results().baseline(),
            "difference, nats per token",
            rows,
            OptionalDouble.of(0),
            margin,
            Words.of(
                "dot: mean of the seeds; bar: %.0f %% interval; rings: seeds; shaded: the margin of %s",
                level, Double.toString(margin)));
    return Figure.of(
        "losses",
        "Final validation losses less the baseline's: tied within the shaded band?",
        plot.svg());
  }

  /** The look that an arm has in all figures. */
  static Palette look(StudyResults results, String arm) {
    List<String> names = results.plan().arms().stream().map(Arm::name).toList();
    return Palette.kind(names.indexOf(arm));
  }

  /** Where curves of losses begin: what comes before dwarfs all differences. */
  private static long start(StudyResults results) {
    long last =
        results.runs().values().stream().mapToLong(r -> r.summary().steps()).max().orElse(0);
    return Math.ceilDiv(last, LATER);
  }

  /** The validation loss of each arm. */
  static Optional<Figure> curves(StudyResults results) {
    return lines(
        "curves",
        "Validation losses of all arms.",
        "Validation loss, nats per token: mean and range of the seeds",
        STEP,
        Curves.losses(results, results.plan().arms(), start(results)),
        List.of());
  }

  /** The validation loss of each arm less the baseline's. */
  static Optional<Figure> differences(StudyResults results) {
    double margin = results.plan().analysis().lossMargin();
    return lines(
        "differences",
        "Validation losses less the baseline's over the training, with the margin of equivalence.",
        "Validation loss less the baseline's; dashed: the margin",
        STEP,
        Curves.differences(
            results, run -> Optional.of(run.metrics().evaluation(LOSS)), start(results)),
        List.of(-margin, 0.0, margin));
  }

  /** A figure of the curves that have values, if there is one. */
  static Optional<Figure> lines(
      String id,
      String caption,
      String title,
      String xName,
      List<Curve> curves,
      List<Double> reference) {
    List<Curve> drawn = curves.stream().filter(curve -> !curve.values().isEmpty()).toList();
    return drawn.isEmpty()
        ? Optional.empty()
        : Optional.of(Figure.of(id, caption, new LinePlot(title, xName, drawn, reference).svg()));
  }
}
