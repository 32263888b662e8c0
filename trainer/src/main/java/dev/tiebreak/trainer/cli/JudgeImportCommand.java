package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.study.votes.VoteImport;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tiebreak judge import}: votes that were collected elsewhere. */
@Command(
    name = "import",
    description = {
      "Adds a table of votes, CSV or JSON, to those collected. It has to have the columns judge,"
          + " judge_kind (human, model, scripted; or see --kind), prompt (or the pairs tell it),"
          + " pair, left, right, choice (left, right, same or tie, unusable, or the name of what was"
          + " chosen); it may have seed, response_ms, at, vendor, swapped_of, catch, left_tokens,"
          + " right_tokens, role; others are kept.",
      "Every line is checked. If one is wrong, about a pair that is not there, or was added before,"
          + " no vote is added."
    },
    footer = {
      "  tiebreak judge import my-study votes.csv",
      "  tiebreak judge import my-study votes.csv --columns judge=judge_id,choice=vote --kind human",
      "  tiebreak judge import my-study --undo 1a2b3c4d            takes that import back"
    })
final class JudgeImportCommand extends Action {
  @Mixin private VotesOptions options;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "<table>",
      description = "The table of votes.")
  private Path table;

  @Mixin private DialectOptions dialect;

  @Option(
      names = "--undo",
      paramLabel = "<import>",
      description = "Take an import back: its number, as it was printed and stands with its votes.")
  private String undo;

  @Override
  int run() {
    if ((table == null) == (undo == null)) {
      throw new UserError("name a table of votes to add, or an import to --undo");
    }
    if (undo != null) {
      print("%,d votes taken out of %s%n", VoteImport.undo(options.file(), undo), options.file());
      return ExitCode.OK;
    }
    VoteImport added = VoteImport.add(options.folder(), options.file(), table, dialect.dialect());
    print("%,d votes added to %s (import %s)%n", added.votes(), options.file(), added.id());
    if (added.exact() > 0) {
      print("%,d rows repeat another in everything and were left out%n", added.exact());
    }
    if (added.again() > 0) {
      print("%,d are of pairs that their judge had judged: the first counts%n", added.again());
    }
    return ExitCode.OK;
  }
}
