package dev.tiebreak.trainer.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The {@code tiebreak} command. A command of its own is one class in this package and one line in
 * {@code subcommands} below.
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
    mixinStandardHelpOptions = true,
    version = Main.VERSION,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tiebreak demo                  a small study on real text: losses, curves, what twins write",
      "  tiebreak doctor                what this machine offers, and what holds it back",
      "  tiebreak train --preset tiny   a first training, in seconds",
      "  tiebreak study init my-study   a study: arms, seeds, a registered plan, judges",
      "  tiebreak report votes.csv      what votes say, with every interval; no model is needed",
      "  tiebreak estimate quick        size, memory and time of a training, without training",
      "  tiebreak COMMAND --help        all options of a command, with examples"
    })
public final class Main implements Callable<Integer> {
  static final String VERSION = "tiebreak 0.1.0";
  private static final int HELP_WIDTH = 100;
  private static final String LOG_FORMAT = "java.util.logging.SimpleFormatter.format";

  @Spec private CommandSpec spec;

  @Option(
      names = Errors.DEBUG,
      scope = ScopeType.INHERIT,
      description = "Show where in the program an error comes from.")
  private boolean debug;

  private Main() {}

  /**
   * Runs one command and exits with its code; see {@link ExitCode}.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    if (System.getProperty(LOG_FORMAT) == null) {
      System.setProperty(LOG_FORMAT, "%4$s: %5$s%n"); // one line, without date and class
    }
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT); // 1,234.5 wherever this runs
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
    CommandLine command = commandLine().setOut(out).setErr(err);
    try {
      return command.execute(args);
    } catch (Error e) { // picocli hands over exceptions only
      return Errors.failed(e, command, Errors.isDebug(args));
    } finally {
      out.flush();
      err.flush();
    }
  }

  static CommandLine commandLine() {
    CommandLine command = new CommandLine(new Main());
    Ansi colour = Terminal.hasColour() ? Ansi.ON : Ansi.OFF;
    setVersion(command);
    return command
        .setUsageHelpWidth(HELP_WIDTH)
        .setColorScheme(CommandLine.Help.defaultColorScheme(colour))
        .setParameterExceptionHandler(Errors::wrongArguments)
        .setExecutionExceptionHandler(Errors::failed);
  }

  private static void setVersion(CommandLine command) {
    command.getCommandSpec().version(VERSION);
    command.getSubcommands().values().forEach(Main::setVersion);
  }

  /** Without a command there is nothing to do but say what there is. */
  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return ExitCode.OK;
  }
}
