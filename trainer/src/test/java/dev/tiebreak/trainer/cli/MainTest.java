package dev.tiebreak.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {
  static Set<String> commands() {
    return Main.commandLine().getSubcommands().keySet();
  }

  private static void assertUserError(Cli cli, String message) {
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.out()).isEmpty();
    assertThat(cli.errLines()).containsExactly("tiebreak: " + message);
  }

  @Test
  void withoutACommandTheCommandsAreListed() {
    Cli cli = Cli.run();
    assertThat(cli.code()).isZero();
    assertThat(cli.out()).contains("Usage: tiebreak", "doctor", "estimate", "Examples:");
    assertThat(cli.err()).isEmpty();
    assertThat(Cli.run("--help").out()).isEqualTo(cli.out());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandHasHelpWithExamples(String command) {
    for (String option : new String[] {"--help", "-h"}) {
      Cli cli = Cli.run(command, option);
      assertThat(cli.code()).isZero();
      assertThat(cli.err()).isEmpty();
      assertThat(cli.out())
          .contains("Usage: tiebreak " + command, "--debug", "Examples:", "  tiebreak " + command);
      assertThat(cli.out().lines()).allMatch(line -> line.length() <= 100);
      assertThat(cli.out()).doesNotContain("\u001B");
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandKnowsTheVersion(String command) {
    assertThat(Cli.run(command, "--version").out()).isEqualTo(Cli.run("--version").out());
    assertThat(Cli.run("-V").out()).startsWith("tiebreak 0.1.0");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyOptionIsDescribed(String command) {
    CommandLine line = Main.commandLine().getSubcommands().get(command);
    assertThat(line.getCommandSpec().options())
        .allSatisfy(option -> assertThat(option.description()).isNotEmpty());
  }

  @Test
  void aWrongCommandLineIsAnsweredInOneLine() {
    assertUserError(
        Cli.run("docter"),
        "Unmatched argument at index 0: 'docter'; did you mean doctor? (see tiebreak --help)");
    assertUserError(
        Cli.run("doctor", "--thread"),
        "Unknown option: '--thread'; did you mean --threads? (see tiebreak doctor --help)");
    assertUserError(
        Cli.run("doctor", "--threads", "two"),
        "Invalid value for option '--threads': 'two' is not an int (see tiebreak doctor --help)");
    assertUserError(
        Cli.run("doctor", "--threads", "-1"),
        "--threads is -1; it must be a whole number, 0 or more");
  }

  @Test
  void debugShowsWhereAUserErrorComesFrom() {
    Cli cli = Cli.run("doctor", "--threads", "-1", "--debug");
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.errLines().getFirst()).startsWith("tiebreak: --threads is -1");
    assertThat(cli.err()).contains("UserError", "\tat dev.tiebreak");
    assertThat(Cli.run("doctor", "--debug", "--nonsense").err())
        .containsPattern("\tat (.*/)?picocli\\.");
  }

  @Test
  void theProcessStreamsAreTheDefault() {
    PrintStream out = System.out;
    ByteArrayOutputStream captured = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(captured, true, StandardCharsets.UTF_8));
      assertThat(Main.run("--version")).isZero();
    } finally {
      System.setOut(out);
    }
    assertThat(captured.toString(StandardCharsets.UTF_8)).startsWith("tiebreak 0.1.0");
  }

  @Test
  void thereAreColoursOnlyAtATerminalThatWantsThem() {
    assertThat(Terminal.hasColour(true, null, "xterm-256color")).isTrue();
    assertThat(Terminal.hasColour(true, "", null)).isTrue();
    assertThat(Terminal.hasColour(true, "1", "xterm-256color")).isFalse();
    assertThat(Terminal.hasColour(true, null, "dumb")).isFalse();
    assertThat(Terminal.hasColour(false, null, "xterm-256color")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aStyledTextIsPlainWithoutColour(boolean colour) {
    Terminal terminal = new Terminal(null, null, true, colour);
    assertThat(terminal.styled(Terminal.Style.RED, "x"))
        .isEqualTo(colour ? "\u001B[31mx\u001B[0m" : "x");
  }

  @Test
  void outputThatIsLostIsAnError() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.isWritable(full), "only on Linux");
    StringWriter err = new StringWriter();
    try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(full))) {
      for (String[] command : new String[][] {{"estimate", "tiny"}, {"--help"}}) {
        err.getBuffer().setLength(0);
        assertThat(Main.run(out, new PrintWriter(err), command)).isEqualTo(ExitCode.USER_ERROR);
        assertThat(err.toString())
            .isEqualToIgnoringNewLines(
                "tiebreak: not all of the output could be written; check the disk, or what reads it");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"132", "0", "", "wide"})
  void aWidthThatIsNoNumberIsEighty(String columns) {
    assertThat(Terminal.columns(columns)).isEqualTo(columns.equals("132") ? 132 : 80);
    assertThat(Terminal.columns(null)).isEqualTo(80);
  }
}
