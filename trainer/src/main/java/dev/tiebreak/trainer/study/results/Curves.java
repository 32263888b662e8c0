package dev.tiebreak.trainer.study.results;

import dev.tiebreak.trainer.evidence.chart.LinePlot.Curve;
import dev.tiebreak.trainer.evidence.chart.LinePlot.Value;
import dev.tiebreak.trainer.evidence.chart.Palette;
import dev.tiebreak.trainer.evidence.statistics.Sample;
import dev.tiebreak.trainer.lab.config.Arm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Curves over steps: the mean of several seeds with the range from the least to the greatest. */
public final class Curves {
  private static final int MOST_POINTS = 250; // what a figure can show

  private Curves() {}

  /**
   * The validation loss of each arm.
   *
   * @param from the first step
   */
  public static List<Curve> losses(StudyResults results, List<Arm> arms, long from) {
    List<Curve> curves = new ArrayList<>();
    for (Arm arm : arms) {
      List<Series> losses =
          results.runs(arm).stream().map(run -> run.metrics().evaluation("val_loss")).toList();
      curves.add(mean(arm.name(), LossFigures.look(results, arm.name()), losses, from));
    }
    return curves;
  }

  /**
   * The mean of series, at the steps that all have; not more than a figure can show.
   *
   * @param from the first step
   */
  static Curve mean(String name, Palette look, List<Series> series, long from) {
    List<Value> values = new ArrayList<>();
    Series first = series.isEmpty() ? new Series() : series.getFirst();
    int stride = Math.max(1, Math.ceilDiv(first.size(), MOST_POINTS));
    for (int i = (first.size() - 1) % stride; i < first.size(); i += stride) { // ends at the last
      long step = first.step(i);
      double[] at = series.stream().mapToDouble(one -> one.at(step)).toArray();
      if (step >= from && Arrays.stream(at).allMatch(Double::isFinite)) {
        double least = Arrays.stream(at).min().orElseThrow();
        double most = Arrays.stream(at).max().orElseThrow();
        values.add(new Value(step, Sample.of(at).mean(), least, most));
      }
    }
    return new Curve(name, look, values);
  }

  /**
   * Of each arm that is compared, the mean of its seeds' series less their twins'.
   *
   * @param of gives a run's series, if it has one
   * @param from the first step
   */
  static List<Curve> differences(
      StudyResults results, Function<RunResult, Optional<Series>> of, long from) {
    List<Curve> curves = new ArrayList<>();
    for (Arm arm : results.treatments()) {
      List<Series> differences = new ArrayList<>();
      for (RunResult run : results.runs(arm)) {
        Optional<Series> twin = results.run(results.baseline().name(), run.id().seed()).flatMap(of);
        of.apply(run)
            .ifPresent(own -> twin.ifPresent(other -> differences.add(difference(own, other))));
      }
      curves.add(mean(arm.name(), LossFigures.look(results, arm.name()), differences, from));
    }
    return curves;
  }

  /** Values at 1, 2, 3 and so on. */
  static Series numbered(List<Double> values) {
    Series series = new Series();
    for (int i = 0; i < values.size(); i++) {
      series.add(i + 1, values.get(i));
    }
    return series;
  }

  /** One series less another, at the steps that both have. */
  private static Series difference(Series a, Series b) {
    Series difference = new Series();
    for (int i = 0; i < a.size(); i++) {
      double value = a.value(i) - b.at(a.step(i));
      if (Double.isFinite(value)) {
        difference.add(a.step(i), value);
      }
    }
    return difference;
  }
}
