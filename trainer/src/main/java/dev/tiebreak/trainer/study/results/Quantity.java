package dev.tiebreak.trainer.study.results;

import dev.tiebreak.losses.Metric;
import dev.tiebreak.trainer.evidence.statistics.Sample;
import dev.tiebreak.trainer.lab.examine.Examination;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One number of a run, as it is named in files and tables.
 *
 * @param name in {@code summary.csv}
 * @param heading of a column
 * @param digits after the point
 * @param of gives the number; NaN where the run has none
 */
record Quantity(String name, String heading, int digits, ToDoubleFunction<RunResult> of) {
  /** What a model predicts beyond its loss. */
  static final List<Quantity> PREDICTIONS =
      List.of(
          examined("t_star", "T*", 4, Examination::temperature),
          examined("loss_at_t_star", "loss at T*", 4, Examination::lossAtTemperature),
          examined("entropy", "entropy", 4, Examination::entropy),
          examined("ece", "ECE", 4, Examination::calibrationError),
          examined("accuracy", "accuracy", 4, Examination::accuracy));

  /** How the training signal was shaped: means over the second half of the training. */
  static final List<Quantity> SIGNAL =
      List.of(
          late(Metric.WEIGHT_MEAN, "mean weight", 4),
          late(Metric.WEIGHT_SD, "SD of weights", 4),
          late(Metric.WEIGHT_NEGATIVE_SHARE, "share negative", 4),
          late(Metric.WEIGHT_EFFECTIVE_SHARE, "effective share", 4),
          late("gradient_cosine", "gradient cosine", 4),
          late("clip", "clip coefficient", 4));

  /** T*, which has a figure of its own. */
  static final Quantity TEMPERATURE = PREDICTIONS.getFirst();

  private static Quantity examined(
      String name, String heading, int digits, ToDoubleFunction<Examination> number) {
    return new Quantity(name, heading, digits, run -> run.examined(number));
  }

  private static Quantity late(String name, String heading, int digits) {
    return new Quantity(name, heading, digits, run -> run.metrics().step(name).lateMean());
  }

  /** The numbers of several runs; those without one are left out. */
  double[] of(List<RunResult> runs) {
    return runs.stream().mapToDouble(of).filter(Double::isFinite).toArray();
  }

  /** Mean and standard deviation over runs, for a table. */
  String cell(List<RunResult> runs) {
    return cell(of(runs), digits);
  }

  /** Mean and, of several values, standard deviation. */
  static String cell(double[] values, int digits) {
    if (values.length == 0) {
      return Numbers.NONE;
    }
    Sample sample = Sample.of(values);
    String mean = Numbers.fixed(sample.mean(), digits);
    return sample.n() == 1 ? mean : mean + " ± " + Numbers.fixed(sample.sd(), digits);
  }
}
