package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.base.Shell;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What every command is: it parses, calls a service of another package, prints. */
abstract class Action implements Callable<Integer> {
  @Spec private CommandSpec spec;

  private Terminal terminal;

  /**
   * Does what the command is for.
   *
   * @return an {@link ExitCode}
   */
  abstract int run() throws InterruptedException;

  @Override
  public final Integer call() throws InterruptedException {
    int code = run();
    terminal().out().flush();
    return code;
  }

  /** Where to write. */
  final Terminal terminal() {
    if (terminal == null) {
      terminal = Terminal.of(spec);
    }
    return terminal;
  }

  /** Writes to the output; {@code %n} ends a line. */
  final void print(String format, Object... values) {
    terminal().print(format, values);
  }

  /** Says that something takes its time. */
  final void status(String doing) {
    terminal().say(doing + " ...");
  }

  /** What the command line is made of. */
  final CommandSpec spec() {
    return spec;
  }

  /** This command line once more, for a shell, without an option that must not be repeated. */
  final String commandLineWithout(String option) {
    return spec().root().commandLine().getParseResult().originalArgs().stream()
        .filter(argument -> !argument.startsWith(option))
        .map(Shell::word)
        .collect(Collectors.joining(" ", "tiebreak ", ""));
  }

  /** A command that only has commands: without one there is nothing to do but say which. */
  abstract static class Group extends Action {
    @Override
    int run() {
      spec().commandLine().usage(terminal().out());
      return ExitCode.OK;
    }
  }
}
