package dev.tiebreak.trainer.lab.examine;

import dev.tiebreak.trainer.base.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

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
    try {
      String text = Files.readString(metrics);
      // A line without its end is still being written.
      for (String line : text.substring(0, text.lastIndexOf('\n') + 1).split("\n")) {
        JsonNode json = JsonMapper.shared().readTree(line);
        if (json.path("kind").asString("").equals("step") && json.path("loss").isNumber()) {
          losses.put(json.path("step").asLong(), json.path("loss").asDouble());
        }
      }
    } catch (IOException e) {
      throw UserError.io("read the metrics", metrics, e);
    } catch (JacksonException e) {
      throw new UserError("cannot read " + metrics + ": a line is not JSON; remove that line", e);
    }
    return losses;
  }
}
