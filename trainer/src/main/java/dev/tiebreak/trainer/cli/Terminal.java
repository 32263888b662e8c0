package dev.tiebreak.trainer.cli;

import java.io.Console;
import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Where a command writes. Colours and moving lines are for people at a terminal only: there are
 * none where the output goes to a file or a pipe, and no colours where NO_COLOR is set.
 *
 * @param out for what was asked for
 * @param err for progress and notes
 * @param interactive whether lines may be redrawn
 * @param colour whether there are colours
 */
public record Terminal(PrintWriter out, PrintWriter err, boolean interactive, boolean colour) {
  private static final String RESET = "\u001B[0m";

  /** What a text looks like where there are colours. */
  public enum Style {
    /** Emphasis. */
    BOLD("1"),
    /** Of less importance. */
    DIM("2"),
    /** All is well. */
    GREEN("32"),
    /** Worth a look. */
    YELLOW("33"),
    /** Wrong. */
    RED("31"),
    /** A first curve. */
    BLUE("34"),
    /** A second curve. */
    MAGENTA("35");

    private final String code;

    Style(String code) {
      this.code = code;
    }
  }

  /** The streams of the command that runs, as {@link Main} was given them. */
  public static Terminal of(CommandSpec spec) {
    return new Terminal(
        spec.commandLine().getOut(), spec.commandLine().getErr(), isTerminal(), hasColour());
  }

  /** Writes a line of progress. */
  void say(String text) {
    err.println(text);
    err.flush();
  }

  /** A text in a style, or the text alone where there are no colours. */
  public String styled(Style style, String text) {
    return colour ? "\u001B[" + style.code + "m" + text + RESET : text;
  }

  /** A text without control characters other than those that end a line or move to a tab stop. */
  static String harmless(String text) {
    return text.replaceAll("[\\p{Cc}&&[^\\n\\r\\t]]", "\uFFFD");
  }

  /** Whether a person sees this process's output as it comes. */
  static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /** Whether output may be coloured: see no-color.org. */
  static boolean hasColour() {
    return hasColour(isTerminal(), System.getenv("NO_COLOR"), System.getenv("TERM"));
  }

  static boolean hasColour(boolean terminal, String noColor, String term) {
    return terminal && (noColor == null || noColor.isEmpty()) && !"dumb".equals(term);
  }
}
