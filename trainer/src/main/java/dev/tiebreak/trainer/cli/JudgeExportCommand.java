package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.ballot.Vote;
import dev.tiebreak.trainer.ballot.Votes;
import dev.tiebreak.trainer.ballot.pairs.PairKey;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tiebreak judge export}: the collected votes as a table. */
@Command(
    name = "export",
    description = {
      "Writes the votes that were collected as CSV or JSONL. With --key, left and right are names of"
          + " arms, and seed, comparison, completion, treatment_side, control_seed and lengths are"
          + " filled in: use it when judging has ended, not before."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tiebreak judge export my-study --out votes.csv",
      "  tiebreak judge export my-study --key my-study/key.jsonl --out unblinded.jsonl"
    })
final class JudgeExportCommand implements Callable<Integer> {
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

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    List<Vote> votes = Files.isDirectory(source) ? JudgingFolder.votes(source) : Votes.read(source);
    if (key != null) {
      votes = Votes.unblind(votes, PairKey.read(key));
    }
    PrintWriter out = spec.commandLine().getOut();
    if (file == null) {
      out.print(Votes.format(votes, Votes.Format.CSV));
    } else {
      Votes.write(file, votes);
      out.printf(Locale.ROOT, "%,d votes written to %s%n", votes.size(), file);
    }
    out.flush();
    return ExitCode.OK;
  }
}
