package dev.tiebreak.trainer.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * The {@code tiebreak} command. A command of its own is one {@link Action} and one line in {@code
 * subcommands} below or in those of {@link StudyCommand} or {@link JudgeCommand}.
 */
@Command(
    name = "tiebreak",
    header = "Trains paired language models and asks whether people can tell them apart.",
    subcommands = {
      DemoCommand.class,
      TrainCommand.class,
      GenerateCommand.class,
      ExamineCommand.class,
      EstimateCommand.class,
      DoctorCommand.class,
      BenchCommand.class,
      StudyCommand.class,
      JudgeCommand.class,
      ReportCommand.class
    },
    footer = {
      "  tiebreak demo                  a small study on real text: losses, curves, what twins write",
      "  tiebreak doctor                what this machine offers, and what holds it back",
      "  tiebreak train --preset tiny   a first training, in seconds",
      "  tiebreak study init my-study   a study: arms, seeds, a registered plan, judges",
      "  tiebreak report votes.csv      what votes say, with every interval; no model is needed",
      "  tiebreak estimate quick        size, memory and time of a training, without training",
      "  tiebreak COMMAND --help        all options of a command, with examples"
    })
public final class Main extends Action.Group {
  static final String VERSION = "tiebreak 0.1.0";
  private static final int HELP_WIDTH = 100;
  private static final String LOG_FORMAT = "java.util.logging.SimpleFormatter.format";

  @Option(
      names = Errors.DEBUG,
      scope = ScopeType.INHERIT,
      description = "Show where in the program an error comes from.")
  private boolean debug;

  private Main() {}

  /** Runs one command and exits with its code; see {@link ExitCode}. */
  public static void main(String[] args) {
    if (System.getProperty(LOG_FORMAT) == null) {
      System.setProperty(LOG_FORMAT, "%4$s: %5$s%n"); // one line, without date and class
    }
    System.exit(run(args));
  }

  /** Runs one command on this process's streams and returns its exit code. */
  public static int run(String... args) {
    return run(writer(System.out), writer(System.err), args);
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, stream.charset());
  }

  /**
   * Runs one command.
   *
   * @param out for what was asked for
   * @param err for errors and progress
   * @return its exit code
   */
  public static int run(PrintWriter out, PrintWriter err, String... args) {
    int code = execute(commandLine().setOut(out).setErr(err), args);
    boolean lost = out.checkError(); // flushes
    return lost && code == ExitCode.OK ? Errors.outputLost(err) : code;
  }

  private static int execute(CommandLine command, String... args) {
    try {
      return command.execute(args);
    } catch (Error e) { // picocli hands over exceptions only
      return Errors.failed(e, command, Errors.isDebug(args));
    } finally {
      command.getErr().flush();
    }
  }

  static CommandLine commandLine() {
    CommandLine command = new CommandLine(new Main());
    Ansi colour = Terminal.hasColour() ? Ansi.ON : Ansi.OFF;
    completeHelp(command);
    return command
        .setUsageHelpWidth(HELP_WIDTH)
        .setColorScheme(CommandLine.Help.defaultColorScheme(colour))
        .setParameterExceptionHandler(Errors::wrongArguments)
        .setExecutionExceptionHandler(Errors::failed);
  }

  /** What the help of all commands has in common. */
  private static void completeHelp(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    spec.mixinStandardHelpOptions(true).version(VERSION);
    spec.usageMessage().sortOptions(false).footerHeading("%nExamples:%n");
    command.getSubcommands().values().forEach(Main::completeHelp);
  }
}
