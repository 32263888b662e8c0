package dev.tiebreak.trainer.study.results;

import dev.tiebreak.losses.Metric;
import dev.tiebreak.trainer.lab.examine.Examination;
import java.util.Collection;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One number of a run, as it is named in files and tables.
 *
 * @param name in {@code summary.csv}
 * @param of gives the number; NaN where the run has none
 */
record Quantity(String name, String heading, ToDoubleFunction<RunResult> of) {
  /** What a model predicts beyond its loss. */
  static final List<Quantity> PREDICTIONS =
      List.of(
          examined("t_star", "T*", Examination::temperature),
          examined("loss_at_t_star", "loss at T*", Examination::lossAtTemperature),
          examined("entropy", "entropy", Examination::entropy),
          examined("ece", "ECE", Examination::calibrationError),
          examined("accuracy", "accuracy", Examination::accuracy));

  /** How the training signal was shaped: means over the second half of the training. */
  static final List<Quantity> SIGNAL =
      List.of(
          late(Metric.WEIGHT_MEAN, "mean weight"),
          late(Metric.WEIGHT_SD, "SD of weights"),
          late(Metric.WEIGHT_NEGATIVE_SHARE, "share negative"),
          late(Metric.WEIGHT_EFFECTIVE_SHARE, "effective share"),
          late("gradient_cosine", "gradient cosine"),
          late("clip", "clip coefficient"));

  /** T*, which has a figure of its own. */
  static final Quantity TEMPERATURE = PREDICTIONS.getFirst();

  private static Quantity examined(
      String name, String heading, ToDoubleFunction<Examination> number) {
    return new Quantity(name, heading, run -> run.examined(number));
  }

  private static Quantity late(String name, String heading) {
    return new Quantity(name, heading, run -> run.metrics().step(name).lateMean());
  }

  /** The numbers of several runs; those without one are left out. */
  double[] of(Collection<RunResult> runs) {
    return runs.stream().mapToDouble(of).filter(Double::isFinite).toArray();
  }
}
