package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.ballot.Dialect;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** What a table of votes from elsewhere calls things, for every command that reads one. */
final class DialectOptions {
  @Option(
      names = "--columns",
      paramLabel = "<ours=theirs>",
      split = ",",
      description =
          "Names of columns: judge=judge_id,choice=vote. Time in seconds: response_seconds=theirs.")
  private Map<String, String> columns = new LinkedHashMap<>();

  @Option(
      names = "--map",
      paramLabel = "<theirs=choice>",
      split = ",",
      description = "Words for choices: draw=same,neither=unusable.")
  private Map<String, String> choices = new LinkedHashMap<>();

  @Option(
      names = "--kind",
      paramLabel = "<kind:judges>",
      description =
          "What judges are, where no column tells: human, or model:gpt-4,claude (others: human).")
  private List<String> kinds = List.of();

  Dialect dialect() {
    return Dialect.of(columns, choices, kinds);
  }
}
