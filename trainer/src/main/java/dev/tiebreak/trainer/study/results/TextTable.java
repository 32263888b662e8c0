package dev.tiebreak.trainer.study.results;

import dev.tiebreak.trainer.ballot.pairs.TextStatistics;
import dev.tiebreak.trainer.lab.config.Arm;
import dev.tiebreak.trainer.study.pairs.CompletionLine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** What the models' texts are like, from {@code completions.jsonl}: means, never a text. */
final class TextTable {
  /** A column: its heading, digits after the point, and the number; true counts as 1. */
  private record Column(String heading, int digits, ToDoubleFunction<TextStatistics> number) {
    String mean(List<TextStatistics> texts) {
      return Numbers.fixed(texts.stream().mapToDouble(number).average().orElseThrow(), digits);
    }
  }

  private static final List<Column> COLUMNS =
      List.of(
          new Column("tokens", 1, TextStatistics::tokens),
          new Column("seq-rep-4", 3, TextStatistics::repetition),
          new Column("distinct-1", 3, TextStatistics::distinct1),
          new Column("distinct-2", 3, TextStatistics::distinct2),
          new Column("ended", 3, text -> text.ended() ? 1 : 0),
          new Column("in a loop", 3, text -> text.loop() ? 1 : 0));

  private TextTable() {}

  /** The headings of the columns. */
  static List<String> headings() {
    List<String> headings = new ArrayList<>(List.of("arm", "temperature", "texts"));
    COLUMNS.forEach(column -> headings.add(column.heading));
    return headings;
  }

  /**
   * A row for each arm and temperature, over all seeds; none if no texts were written.
   *
   * @throws dev.tiebreak.trainer.base.UserError if the file cannot be read or is damaged
   */
  static List<List<String>> rows(StudyResults results) {
    Path file = CompletionLine.in(results.study().folder());
    if (!Files.exists(file)) {
      return List.of();
    }
    Map<String, Map<Double, List<TextStatistics>>> texts = new HashMap<>();
    CompletionLine.FORMAT.forEachWhole(
        file,
        (line, _) ->
            texts
                .computeIfAbsent(line.run().arm(), _ -> new TreeMap<>())
                .computeIfAbsent(line.temperature(), _ -> new ArrayList<>())
                .add(line.statistics()));
    List<List<String>> rows = new ArrayList<>();
    for (Arm arm : results.plan().arms()) {
      texts
          .getOrDefault(arm.name(), Map.of())
          .forEach((temperature, some) -> rows.add(row(arm, temperature, some)));
    }
    return rows;
  }

  private static List<String> row(Arm arm, double temperature, List<TextStatistics> texts) {
    List<String> row = new ArrayList<>();
    row.add(arm.name());
    row.add(Numbers.fixed(temperature, 3));
    row.add(Integer.toString(texts.size()));
    COLUMNS.forEach(column -> row.add(column.mean(texts)));
    return row;
  }
}
