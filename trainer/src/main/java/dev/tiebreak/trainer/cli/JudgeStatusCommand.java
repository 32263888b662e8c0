package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.judge.JudgeStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tiebreak judge status}: how far people are. */
@Command(
    name = "status",
    description = {
      "Shows how many judgments there are, who judges and which links were made. What was chosen is"
          + " not shown: nobody should know before judging ends."
    },
    footer = {"  tiebreak judge status my-study"})
final class JudgeStatusCommand extends Action {
  @Mixin private JudgeOptions options;

  @Override
  int run() {
    try (JudgeStore store = options.folder().openBegun()) {
      terminal().out().print(store.status().toText());
    }
    return ExitCode.OK;
  }
}
