package dev.tiebreak.trainer.lab.train;

import dev.tiebreak.losses.Metric;
import dev.tiebreak.trainer.base.AtomicFiles;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.lab.checkpoint.Checkpoint;
import dev.tiebreak.trainer.lab.examine.Examination;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code metrics.jsonl}: one JSON object per line, in the order of the steps. {@code "kind":"step"}
 * holds what a step did, {@code "kind":"evaluation"} a {@code val_loss} and, where it was examined,
 * what an {@link Examination} adds. What depends on the clock is under {@code timing}; all else is
 * equal in equal runs.
 */
final class MetricsLog implements AutoCloseable {
  private static final String KIND = "kind";
  private static final String STEP = "step";
  private static final String EVALUATION = "evaluation";
  private static final String VAL_LOSS = "val_loss";
  private static final String TIMING = "timing";
  private static final String SECONDS = "seconds";
  private static final String TOKENS_PER_SECOND = "tokens_per_second";

  private final Path file;
  private final FileChannel channel;
  private final List<EvaluationPoint> evaluations = new ArrayList<>();
  private final List<Double> rates = new ArrayList<>();
  private double seconds;

  private MetricsLog(Path file) throws IOException {
    this.file = file;
    this.channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
  }

  /**
   * Opens the file of a run and drops what stands in it about steps after a checkpoint: they are
   * about to be done, and written, again.
   *
   * @param from where the run goes on; empty if it begins, which drops everything
   * @throws UserError if the file cannot be read or written
   */
  static MetricsLog open(Path file, Optional<Checkpoint> from) {
    try {
      return open(file, from.map(Checkpoint::step).orElse(-1L));
    } catch (IOException e) {
      throw UserError.io("write the metrics", file, e);
    }
  }

  private static MetricsLog open(Path file, long lastStep) throws IOException {
    StringBuilder kept = new StringBuilder();
    List<JsonNode> records = new ArrayList<>();
    String text = Files.exists(file) ? Files.readString(file) : "";
    // A line without its end was being written when the process died.
    for (String line : text.substring(0, text.lastIndexOf('\n') + 1).split("\n")) {
      if (!line.isBlank()) {
        JsonNode json = parse(line, file);
        if (json.path(STEP).asLong(Long.MAX_VALUE) <= lastStep) {
          kept.append(line).append('\n');
          records.add(json);
        }
      }
    }
    AtomicFiles.writeString(file, kept.toString());
    MetricsLog log = new MetricsLog(file);
    records.forEach(log::remember);
    return log;
  }

  private static JsonNode parse(String line, Path file) {
    try {
      return JsonMapper.shared().readTree(line);
    } catch (JacksonException e) {
      throw new UserError("cannot read " + file + ": a line is not JSON; remove that line", e);
    }
  }

  private void remember(JsonNode json) {
    JsonNode timing = json.path(TIMING);
    seconds = timing.path(SECONDS).asDouble(seconds);
    if (json.path(KIND).asString("").equals(EVALUATION)) {
      evaluations.add(
          new EvaluationPoint(
              json.path(STEP).asLong(), json.path(VAL_LOSS).asDouble(Double.NaN), seconds));
    } else {
      rates.add(timing.path(TOKENS_PER_SECOND).asDouble(0));
    }
  }

  void write(StepMetrics metrics) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put(KIND, STEP);
    json.put(STEP, metrics.step());
    json.put("tokens", metrics.tokens());
    json.put("loss", metrics.loss());
    json.put("shaped_loss", metrics.shapedLoss());
    json.put("lr", metrics.learningRate());
    json.put(Metric.GRADIENT_NORM, metrics.gradientNorm());
    json.put("clip", metrics.clip());
    metrics.diagnostics().forEach((name, value) -> putNumber(json, name, value));
    json.putObject(TIMING)
        .put(SECONDS, rounded(metrics.seconds()))
        .put(TOKENS_PER_SECOND, rounded(metrics.tokensPerSecond()));
    append(json);
  }

  void write(EvaluationPoint point) {
    write(point, Optional.empty());
  }

  void write(EvaluationPoint point, Optional<Examination> examination) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put(KIND, EVALUATION);
    json.put(STEP, point.step());
    json.put(VAL_LOSS, point.loss());
    examination.ifPresent(
        more -> json.setAll(JsonMapper.shared().<ObjectNode>valueToTree(more.beyondLoss())));
    json.putObject(TIMING).put(SECONDS, rounded(point.seconds()));
    append(json);
  }

  /** JSON has no infinity and no NaN: null stands for them. */
  static void putNumber(ObjectNode json, String name, double value) {
    if (Double.isFinite(value)) {
      json.put(name, value);
    } else {
      json.putNull(name);
    }
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }

  private void append(ObjectNode json) {
    ByteBuffer line = ByteBuffer.wrap((json + "\n").getBytes(StandardCharsets.UTF_8));
    try {
      while (line.hasRemaining()) {
        channel.write(line);
      }
    } catch (IOException e) {
      throw UserError.io("write the metrics", file, e);
    }
    remember(json);
  }

  /** Puts everything on the disk: called before a checkpoint, which must not be ahead of it. */
  void force() {
    try {
      channel.force(false);
    } catch (IOException e) {
      throw UserError.io("write the metrics", file, e);
    }
  }

  /** All evaluations of the run, those before it was resumed too. */
  List<EvaluationPoint> evaluations() {
    return List.copyOf(evaluations);
  }

  /** Whether this step was evaluated. */
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
    try {
      channel.close();
    } catch (IOException e) {
      throw UserError.io("close the metrics", file, e);
    }
  }
}
