package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.base.Sheet;
import dev.tiebreak.trainer.base.Words;
import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
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
  private static final int DEFAULT_WIDTH = 80;
  private static final String RESET = "\u001B[0m";

  /** What a text looks like where there are colours. */
  public enum Style {
    /** Emphasis. */
    BOLD("1"),
    /** All is well. */
    GREEN("32"),
    /** Worth a look. */
    YELLOW("33"),
    /** Wrong. */
    RED("31");

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

  /** Writes to the output; {@code %n} ends a line. */
  void print(String format, Object... values) {
    out.print(Words.of(format, values));
  }

  /** Writes a sheet to the output. */
  void show(Sheet sheet) {
    for (Sheet.Line line : sheet.lines()) {
      switch (line.kind()) {
        case HEAD -> out.println((styled(Style.BOLD, line.label()) + line.text()).stripTrailing());
        case PLAIN -> out.println(line.text());
        case WARNING -> out.println(styled(Style.YELLOW, "!") + " " + line.text());
      }
    }
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

  /** The columns of a terminal; a usual number if it is none. */
  int width() {
    return interactive ? terminalWidth() : DEFAULT_WIDTH;
  }

  /** The columns of the terminal: asked of stty, which knows, else of COLUMNS, else 80. */
  private static int terminalWidth() {
    try {
      Process stty = new ProcessBuilder("stty", "size").redirectInput(new File("/dev/tty")).start();
      String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return columns(size.strip().replaceFirst("^\\d+ ", ""));
    } catch (IOException e) {
      return columns(System.getenv("COLUMNS"));
    }
  }

  static int columns(String text) {
    boolean number = text != null && text.matches("[1-9]\\d{1,4}");
    return number ? Integer.parseInt(text) : DEFAULT_WIDTH;
  }
}
