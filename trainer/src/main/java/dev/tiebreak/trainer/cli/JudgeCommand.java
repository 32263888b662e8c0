package dev.tiebreak.trainer.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code tiebreak judge}: the parent of the commands about judging. */
@Command(
    name = "judge",
    header = "Blind judging: a page for people.",
    subcommands = {JudgeServeCommand.class, JudgeInviteCommand.class, JudgeStatusCommand.class},
    mixinStandardHelpOptions = true)
final class JudgeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  /** Without a command there is nothing to do but say what there is. */
  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return ExitCode.OK;
  }
}
