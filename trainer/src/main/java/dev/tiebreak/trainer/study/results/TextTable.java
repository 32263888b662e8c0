package dev.tiebreak.trainer.study.results;

import dev.tiebreak.trainer.ballot.pairs.TextStatistics;
import dev.tiebreak.trainer.evidence.document.Format;
import dev.tiebreak.trainer.evidence.document.Table;
import dev.tiebreak.trainer.lab.config.Arm;
import dev.tiebreak.trainer.study.pairs.Completion;
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
  /** A column: its key and heading, how it is written, and the number; true counts as 1. */
  private record Column(
      String key, String heading, Format format, ToDoubleFunction<TextStatistics> number) {
    double mean(List<TextStatistics> texts) {
      return texts.stream().mapToDouble(number).average().orElseThrow();
    }
  }

  private static final List<Column> COLUMNS =
      List.of(
          new Column("tokens", "tokens", Format.NUMBER, TextStatistics::tokens),
          new Column("seq_rep_4", "seq-rep-4", Format.PERCENT, TextStatistics::repetition),
          new Column("distinct_1", "distinct-1", Format.PERCENT, TextStatistics::distinct1),
          new Column("distinct_2", "distinct-2", Format.PERCENT, TextStatistics::distinct2),
          new Column("ended", "ended", Format.PERCENT, text -> text.ended() ? 1 : 0),
          new Column("loop", "in a loop", Format.PERCENT, text -> text.loop() ? 1 : 0));

  private TextTable() {}

  /**
   * A row for each arm and temperature, over all seeds; none if no texts were written.
   *
   * @throws dev.tiebreak.trainer.base.UserError if the file cannot be read or is damaged
   */
  static Table of(StudyResults results) {
    Table.Builder table =
        Table.of("texts", "")
            .column("arm", "arm", Format.TEXT)
            .column("temperature", "temperature", Format.NUMBER)
            .column("texts", "texts", Format.COUNT);
    COLUMNS.forEach(column -> table.column(column.key, column.heading, column.format));
    Path file = Completion.in(results.study().folder());
    if (!Files.exists(file)) {
      return table.whole();
    }
    Map<String, Map<Double, List<TextStatistics>>> texts = new HashMap<>();
    Completion.FORMAT.forEachWhole(
        file,
        (line, _) ->
            texts
                .computeIfAbsent(line.run().arm(), _ -> new TreeMap<>())
                .computeIfAbsent(line.temperature(), _ -> new ArrayList<>())
                .add(line.statistics()));
    for (Arm arm : results.plan().arms()) {
      texts
          .getOrDefault(arm.name(), Map.of())
          .forEach((temperature, some) -> table.row(row(arm, temperature, some)));
    }
    return table.whole();
  }

  private static Object[] row(Arm arm, double temperature, List<TextStatistics> texts) {
    List<Object> row = new ArrayList<>(List.of(arm.name(), temperature, texts.size()));
    COLUMNS.forEach(column -> row.add(column.mean(texts)));
    return row.toArray();
  }
}
