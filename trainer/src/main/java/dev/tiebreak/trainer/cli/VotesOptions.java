package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.ballot.JudgedPair;
import dev.tiebreak.trainer.ballot.VoteLog;
import dev.tiebreak.trainer.ballot.VoteSink;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which pairs are judged and where the votes go, for every command that adds some. */
final class VotesOptions {
  @Parameters(index = "0", paramLabel = "<folder>", description = "The folder with pairs.jsonl.")
  private Path folder;

  @Option(
      names = "--votes",
      paramLabel = "<file>",
      description = "Where votes are collected (default: votes.jsonl in the folder).")
  private Path votes;

  Path folder() {
    return folder;
  }

  List<JudgedPair> pairs() {
    return JudgedPair.read(folder.resolve(JudgedPair.FILE));
  }

  /** The file that votes are added to. */
  Path file() {
    return votes == null ? folder.resolve(VoteLog.NAME) : votes;
  }

  VoteSink open() {
    return VoteLog.open(file());
  }
}
