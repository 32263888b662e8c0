package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.ballot.Vote;
import dev.tiebreak.trainer.ballot.VoteSink;
import dev.tiebreak.trainer.ballot.Votes;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

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
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tiebreak judge import my-study votes.csv",
      "  tiebreak judge import . theirs.jsonl --votes all.jsonl"
    })
final class JudgeImportCommand implements Callable<Integer> {
  @Mixin private VotesOptions options;

  @Parameters(index = "1", paramLabel = "<table>", description = "The table of votes.")
  private Path table;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    List<Vote> votes = Votes.read(table);
    try (VoteSink sink = options.open()) {
      sink.addAll(votes);
    }
    spec.commandLine()
        .getOut()
        .printf(Locale.ROOT, "%,d votes added to %s%n", votes.size(), options.file());
    return ExitCode.OK;
  }
}
