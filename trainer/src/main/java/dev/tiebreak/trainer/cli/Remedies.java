package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.Shell;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** What helps against an error, in options and commands. */
final class Remedies {
  private Remedies() {}

  /**
   * The words of the command line for a remedy.
   *
   * @return an option with a value that would do, or a command line; empty if the command has no
   *     such option
   */
  static String words(Remedy remedy, CommandSpec command) {
    return switch (remedy) {
      case Remedy.Parameter(String name, String value) -> {
        String option = "--" + name.replace('_', '-');
        yield command.findOption(option) == null ? "" : (option + " " + value).strip();
      }
      case Remedy.Step(Remedy.Kind kind, Optional<Path> folder) ->
          "tiebreak " + step(kind, folder.map(Shell::word).orElse("")).strip();
    };
  }

  private static String step(Remedy.Kind kind, String folder) {
    return switch (kind) {
      case TRAIN -> "train --preset quick --run " + folder;
      case RESUME -> "train --run " + folder + " --resume";
      case EXAMINE -> "examine";
      case ESTIMATE -> "estimate";
      case DOCTOR -> "doctor";
      case INIT -> "study init " + folder;
      case REGISTER -> "study preregister " + folder;
      case AMEND -> "study preregister " + folder + " --amend \"why\"";
      case RUN -> "study run " + folder;
      case PAIRS -> "study pairs " + folder;
      case INVITE -> "judge invite " + folder + " --count 10";
      case JUDGE -> "judge";
    };
  }
}
