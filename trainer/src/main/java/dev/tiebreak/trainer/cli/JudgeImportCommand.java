package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.ballot.Vote;
import dev.tiebreak.trainer.ballot.VoteSink;
import dev.tiebreak.trainer.ballot.Votes;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tiebreak judge import}: votes that were collected elsewhere. */
@Command(
    name = "import",
    description = {
      "Adds a table of votes, CSV or JSONL, to those collected. It has to have the columns judge,"
          + " judge_kind (human, model, scripted), prompt, pair, left, right, choice (left, right,"
          + " same or tie, unusable); it may have seed, response_ms, at, vendor, swapped_of, catch,"
          + " left_tokens, right_tokens; others are kept.",
      "Every line is checked. If one is wrong, or a judge would judge a pair twice, no vote is added."
    },
    footer = {
      "  tiebreak judge import my-study votes.csv",
      "  tiebreak judge import . theirs.jsonl --votes all.jsonl"
    })
final class JudgeImportCommand extends Action {
  @Mixin private VotesOptions options;

  @Parameters(index = "1", paramLabel = "<table>", description = "The table of votes.")
  private Path table;

  @Override
  int run() {
    List<Vote> votes = Votes.read(table);
    try (VoteSink sink = options.open()) {
      sink.addAll(votes);
    }
    print("%,d votes added to %s%n", votes.size(), options.file());
    return ExitCode.OK;
  }
}
