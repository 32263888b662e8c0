package dev.tiebreak.trainer.lab.train;

import dev.tiebreak.trainer.base.UserError;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.TreeMap;

/** The training losses in {@code metrics.jsonl}: when do twins go separate ways? */
public final class LossCurves {
  private LossCurves() {}

  /**
   * The first step, of those that both runs logged, at which |a - b| / |b| of their plain training
   * losses is more than a limit; empty if there is none.
   *
   * @param a metrics of a run
   * @param b metrics of its twin
   * @throws UserError if a file cannot be read
   */
  public static OptionalLong firstDifference(Path a, Path b, double limit) {
    Map<Long, Double> losses = read(b);
    return read(a).entrySet().stream()
        .filter(of -> losses.containsKey(of.getKey()))
        .filter(of -> {
          double other = losses.get(of.getKey());
          return Math.abs(of.getValue() - other) > limit * Math.abs(other);
        })
        .mapToLong(Map.Entry::getKey)
        .findFirst();
  }

  /** Plain training loss by step, in order. */
  static SequencedMap<Long, Double> read(Path metrics) {
    TreeMap<Long, Double> losses = new TreeMap<>();
    MetricsLine.FORMAT.forEachWhole(
        metrics,
        (line, _) -> {
          if (line.kind() == MetricsLine.Kind.STEP) {
            line.number(MetricsLine.LOSS).ifPresent(loss -> losses.put(line.step(), loss));
          }
        });
    return losses;
  }
}
