package dev.tiebreak.trainer.study.results;

import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.lab.config.Arm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the models' texts are like, from {@code completions.jsonl}: means, never a text. */
final class TextTable {
  private static final String FILE = "completions.jsonl";

  /** The statistics in a line about a text, by their headings; true counts as 1. */
  private static final Map<String, String> STATISTICS = new LinkedHashMap<>();

  static {
    STATISTICS.put("tokens", "tokens");
    STATISTICS.put("seq_rep_4", "seq-rep-4");
    STATISTICS.put("distinct_1", "distinct-1");
    STATISTICS.put("distinct_2", "distinct-2");
    STATISTICS.put("ended", "ended");
    STATISTICS.put("loop", "in a loop");
  }

  private TextTable() {}

  /** The headings of the columns. */
  static List<String> headings() {
    List<String> headings = new ArrayList<>(List.of("arm", "temperature", "texts"));
    headings.addAll(STATISTICS.values());
    return headings;
  }

  /**
   * A row for each arm and temperature, over all seeds; none if no texts were written.
   *
   * @throws UserError if the file cannot be read or is damaged
   */
  static List<List<String>> rows(StudyResults results) {
    Path file = results.study().folder().path().resolve(FILE);
    if (!Files.exists(file)) {
      return List.of();
    }
    Map<String, Map<Double, List<JsonNode>>> texts = new LinkedHashMap<>();
    results.plan().arms().forEach(arm -> texts.put(arm.name(), new TreeMap<>()));
    try {
      for (String line : Files.readAllLines(file)) {
        if (!line.isBlank()) {
          JsonNode json = JsonMapper.shared().readTree(line);
          Map<Double, List<JsonNode>> arm = texts.get(json.required("arm").asString());
          if (arm != null) {
            double temperature = json.required("temperature").asDouble();
            arm.computeIfAbsent(temperature, _ -> new ArrayList<>()).add(json);
          }
        }
      }
    } catch (IOException e) {
      throw UserError.io("read the completions", file, e);
    } catch (JacksonException | IllegalArgumentException e) {
      throw new UserError(
          "a line of " + file + " is damaged; write the pairs again with tiebreak study pairs", e);
    }
    List<List<String>> rows = new ArrayList<>();
    for (Arm arm : results.plan().arms()) {
      texts.get(arm.name()).forEach((temperature, some) -> rows.add(row(arm, temperature, some)));
    }
    return rows;
  }

  private static List<String> row(Arm arm, double temperature, List<JsonNode> texts) {
    List<String> row = new ArrayList<>();
    row.add(arm.name());
    row.add(Numbers.fixed(temperature, 3));
    row.add(Integer.toString(texts.size()));
    for (String name : STATISTICS.keySet()) {
      double mean =
          texts.stream().mapToDouble(text -> number(text.path(name))).average().orElseThrow();
      row.add(Numbers.fixed(mean, name.equals("tokens") ? 1 : 3));
    }
    return row;
  }

  private static double number(JsonNode value) {
    return value.isBoolean() ? (value.asBoolean() ? 1 : 0) : value.asDouble(Double.NaN);
  }
}
