package dev.tiebreak.trainer.study.results;

import dev.tiebreak.trainer.lab.train.MetricsLine;
import dev.tiebreak.trainer.lab.train.MetricsLine.Kind;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The quantities in a run's {@code metrics.jsonl} that a study looks at.
 *
 * @param steps of training steps, by name
 * @param evaluations of evaluations, by name
 */
public record Metrics(Map<String, Series> steps, Map<String, Series> evaluations) {
  // Of the steps, which are many; the rest is not kept.
  private static final Set<String> WANTED =
      Set.of(MetricsLine.LOSS, MetricsLine.CLIP, "gradient_cosine");
  private static final List<String> FAMILIES = List.of("weight_", "block_");

  /**
   * Reads a log. A last line that is not whole is left out.
   *
   * @throws dev.tiebreak.trainer.base.UserError if it cannot be read or is damaged
   */
  public static Metrics read(Path file) {
    Metrics metrics = new Metrics(new LinkedHashMap<>(), new LinkedHashMap<>());
    MetricsLine.FORMAT.forEachWhole(file, (line, _) -> metrics.add(line));
    return metrics;
  }

  private void add(MetricsLine line) {
    Map<String, Series> all = line.kind() == Kind.EVALUATION ? evaluations : steps;
    line.values()
        .forEach((name, value) -> {
          OptionalDouble number = MetricsLine.asNumber(value);
          if (number.isPresent() && (line.kind() == Kind.EVALUATION || isWanted(name))) {
            all.computeIfAbsent(name, _ -> new Series()).add(line.step(), number.getAsDouble());
          }
        });
  }

  private static boolean isWanted(String name) {
    return WANTED.contains(name) || FAMILIES.stream().anyMatch(name::startsWith);
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
