package dev.tiebreak.trainer.ballot;

import dev.tiebreak.trainer.base.CsvLines;
import dev.tiebreak.trainer.base.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes tables of votes: as CSV, and as lines of JSON with numbers and truth values as such. */
final class VoteWriter {
  private VoteWriter() {}

  static String csv(List<Vote> votes) {
    Set<String> columns = VoteColumns.of(votes);
    List<Iterable<String>> lines = new ArrayList<>();
    lines.add(columns);
    for (Vote vote : votes) {
      Map<String, Object> row = VoteColumns.row(vote);
      lines.add(columns.stream().map(column -> row.getOrDefault(column, "").toString()).toList());
    }
    return CsvLines.of(lines);
  }

  static String lines(List<Vote> votes) {
    return votes.stream().map(vote -> line(vote) + "\n").collect(Collectors.joining());
  }

  static String line(Vote vote) {
    return Json.line(VoteColumns.row(vote));
  }
}
