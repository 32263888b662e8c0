package dev.tiebreak.trainer.study.results;

import dev.tiebreak.trainer.base.UserError;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The quantities in a run's {@code metrics.jsonl} that a study looks at.
 *
 * @param steps of training steps, by name
 * @param evaluations of evaluations, by name
 */
public record Metrics(Map<String, Series> steps, Map<String, Series> evaluations) {
  private static final Pattern WANTED =
      Pattern.compile("loss|clip|weight_\\w+|gradient_cosine|block_\\d+_[df]");

  /**
   * Reads a log. A last line that is not whole is left out.
   *
   * @throws UserError if it cannot be read or is damaged
   */
  public static Metrics read(Path file) {
    Metrics metrics = new Metrics(new LinkedHashMap<>(), new LinkedHashMap<>());
    String line = "";
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      for (line = reader.readLine(); line != null; line = reader.readLine()) {
        if (!line.isBlank()) {
          metrics.add(JsonMapper.shared().readTree(line));
        }
      }
    } catch (JacksonException e) {
      if (line.endsWith("}")) {
        throw new UserError("cannot read " + file + ": a line is not JSON; remove that line", e);
      }
    } catch (IOException e) {
      throw UserError.io("read the metrics", file, e);
    }
    return metrics;
  }

  private void add(JsonNode json) {
    long step = json.path("step").asLong(-1);
    boolean evaluation = json.path("kind").asString("").equals("evaluation");
    Map<String, Series> all = evaluation ? evaluations : steps;
    json.properties()
        .forEach(entry -> {
          String name = entry.getKey();
          JsonNode value = entry.getValue();
          boolean number = value.isNumber() || value.isNull();
          if (number && (evaluation ? !name.equals("step") : isWanted(name))) {
            all.computeIfAbsent(name, _ -> new Series())
                .add(step, value.isNull() ? Double.NaN : value.asDouble());
          }
        });
  }

  private static boolean isWanted(String name) {
    return WANTED.matcher(name).matches();
  }

  /** A quantity of training steps; empty if it was not logged. */
  public Series step(String name) {
    return steps.getOrDefault(name, new Series());
  }

  /** A quantity of evaluations; empty if it was not logged. */
  public Series evaluation(String name) {
    return evaluations.getOrDefault(name, new Series());
  }
}
