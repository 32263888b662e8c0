package dev.tiebreak.trainer.study.results;

import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.evidence.document.Format;
import dev.tiebreak.trainer.evidence.document.Table;
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

  /**
   * A row for each arm and temperature, over all seeds; none if no texts were written.
   *
   * @throws UserError if the file cannot be read or is damaged
   */
  static Table of(StudyResults results) {
    Table.Builder table =
        Table.of("texts", "")
            .column("arm", "arm", Format.TEXT)
            .column("temperature", "temperature", Format.NUMBER)
            .column("texts", "texts", Format.COUNT);
    STATISTICS.forEach((name, heading) ->
        table.column(name, heading, name.equals("tokens") ? Format.NUMBER : Format.PERCENT));
    Path file = results.study().folder().path().resolve(FILE);
    if (!Files.exists(file)) {
      return table.whole();
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
          "a line of " + file + " is damaged; make the pairs again",
          e,
          Remedy.step(Remedy.Kind.PAIRS, results.study().folder().path()));
    }
    for (Arm arm : results.plan().arms()) {
      texts.get(arm.name()).forEach((temperature, some) -> table.row(row(arm, temperature, some)));
    }
    return table.whole();
  }

  private static Object[] row(Arm arm, double temperature, List<JsonNode> texts) {
    List<Object> row = new ArrayList<>(List.of(arm.name(), temperature, texts.size()));
    for (String name : STATISTICS.keySet()) {
      row.add(texts.stream().mapToDouble(text -> number(text.path(name))).average().orElseThrow());
    }
    return row.toArray();
  }

  private static double number(JsonNode value) {
    return value.isBoolean() ? (value.asBoolean() ? 1 : 0) : value.asDouble(Double.NaN);
  }
}
