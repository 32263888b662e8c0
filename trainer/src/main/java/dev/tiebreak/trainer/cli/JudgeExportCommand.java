package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.ballot.Vote;
import dev.tiebreak.trainer.ballot.Votes;
import dev.tiebreak.trainer.ballot.pairs.PairKey;
import dev.tiebreak.trainer.study.votes.JudgedFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tiebreak judge export}: the collected votes as a table. */
@Command(
    name = "export",
    description = {
      "Writes the votes that were collected as CSV or JSONL. With --key, left and right are names of"
          + " arms, and seed, comparison, completion, treatment_side, control_seed and lengths are"
          + " filled in: use it when judging has ended, not before."
    },
    footer = {
      "  tiebreak judge export my-study --out votes.csv",
      "  tiebreak judge export my-study --key my-study/key.jsonl --out unblinded.jsonl"
    })
final class JudgeExportCommand extends Action {
  @Parameters(
      paramLabel = "<votes>",
      description = "A folder with votes.jsonl, judge.db or both, or a table of votes.")
  private Path source;

  @Option(
      names = "--key",
      paramLabel = "<file>",
      description = "The key of the pairs: puts arms in the place of ids.")
  private Path key;

  @Option(
      names = "--out",
      paramLabel = "<file>",
      description = "A file ending in .csv or .jsonl (default: CSV to the output).")
  private Path file;

  @Override
  int run() {
    List<Vote> votes =
        Files.isDirectory(source) ? new JudgedFolder(source).votes() : Votes.read(source);
    if (key != null) {
      votes = Votes.unblind(votes, PairKey.read(key));
    }
    if (file == null) {
      terminal().out().print(Votes.format(votes, Votes.Format.CSV));
    } else {
      Votes.write(file, votes);
      print("%,d votes written to %s%n", votes.size(), file);
    }
    return ExitCode.OK;
  }
}
