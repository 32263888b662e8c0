package dev.tiebreak.trainer.lab.train;

import dev.tiebreak.losses.Metric;
import dev.tiebreak.trainer.base.LineWriter;
import dev.tiebreak.trainer.base.TextFiles;
import dev.tiebreak.trainer.lab.checkpoint.Checkpoint;
import dev.tiebreak.trainer.lab.examine.Examination;
import dev.tiebreak.trainer.lab.train.MetricsLine.Timing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes {@code metrics.jsonl}, a {@link MetricsLine} for each logged step and each evaluation, in
 * their order, and knows what stands in it.
 */
final class MetricsLog implements AutoCloseable {
  private final LineWriter lines;
  private final List<EvaluationPoint> evaluations = new ArrayList<>();
  private final List<Double> rates = new ArrayList<>();
  private double seconds;

  private MetricsLog(LineWriter lines) {
    this.lines = lines;
  }

  /**
   * Opens the file of a run and drops what stands in it about steps after a checkpoint: they are
   * about to be done, and written, again.
   *
   * @param from where the run goes on; empty if it begins, which drops everything
   * @throws dev.tiebreak.trainer.base.UserError if the file cannot be read or written
   */
  static MetricsLog open(Path file, Optional<Checkpoint> from) {
    long lastStep = from.map(Checkpoint::step).orElse(-1L);
    List<MetricsLine> kept = new ArrayList<>();
    if (Files.exists(file)) {
      MetricsLine.FORMAT.forEachWhole(
          file,
          (line, _) -> {
            if (line.step() <= lastStep) {
              kept.add(line);
            }
          });
    }
    TextFiles.write(file, MetricsLine.FORMAT.text(kept), "the metrics");
    MetricsLog log = new MetricsLog(LineWriter.open(file, "the metrics"));
    kept.forEach(log::remember);
    return log;
  }

  private void remember(MetricsLine line) {
    seconds = line.timing().seconds();
    if (line.kind() == MetricsLine.Kind.EVALUATION) {
      double loss = line.number(MetricsLine.VALIDATION_LOSS).orElse(Double.NaN);
      evaluations.add(new EvaluationPoint(line.step(), loss, seconds));
    } else {
      rates.add(line.timing().tokensPerSecond().orElse(0));
    }
  }

  void write(StepMetrics metrics) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("tokens", metrics.tokens());
    values.put(MetricsLine.LOSS, metrics.loss());
    values.put("shaped_loss", metrics.shapedLoss());
    values.put("lr", metrics.learningRate());
    values.put(Metric.GRADIENT_NORM, metrics.gradientNorm());
    values.put(MetricsLine.CLIP, metrics.clip());
    values.putAll(metrics.diagnostics());
    Timing timing = Timing.of(metrics.seconds(), metrics.tokensPerSecond());
    append(new MetricsLine(MetricsLine.Kind.STEP, metrics.step(), values, timing));
  }

  void write(EvaluationPoint point, Optional<Examination> examination) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put(MetricsLine.VALIDATION_LOSS, point.loss());
    examination.ifPresent(more -> values.putAll(more.beyondLoss()));
    Timing timing = Timing.of(point.seconds());
    append(new MetricsLine(MetricsLine.Kind.EVALUATION, point.step(), values, timing));
  }

  private void append(MetricsLine line) {
    lines.append(MetricsLine.FORMAT.line(line));
    remember(line);
  }

  /** Puts everything on the disk: called before a checkpoint, which must not be ahead of it. */
  void force() {
    lines.force();
  }

  /** All evaluations of the run, those before it was resumed too. */
  List<EvaluationPoint> evaluations() {
    return List.copyOf(evaluations);
  }

  boolean isEvaluated(long step) {
    return !evaluations.isEmpty() && evaluations.getLast().step() >= step;
  }

  /** The median over the logged steps, 0 if there is none. */
  double medianTokensPerSecond() {
    double[] sorted = rates.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    if (sorted.length == 0) {
      return 0;
    }
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** When the last record was written, in seconds since the training began. */
  double seconds() {
    return seconds;
  }

  @Override
  public void close() {
    lines.close();
  }
}
