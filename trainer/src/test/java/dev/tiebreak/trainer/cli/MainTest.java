package dev.tiebreak.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
  void bytesAreReadable() {
    assertThat(List.of(Bytes.of(0), Bytes.of(999), Bytes.of(1000), Bytes.of(1_549_999)))
        .containsExactly("0 bytes", "999 bytes", "1.0 kB", "1.5 MB");
    assertThat(List.of(Bytes.of(999_600), Bytes.of(24_000_000_000L), Bytes.of(Long.MAX_VALUE)))
        .containsExactly("1.0 MB", "24 GB", "9.2 EB");
    assertThat(List.of(Bytes.of(9_940_000), Bytes.of(9_960_000)))
        .containsExactly("9.9 MB", "10 MB");
  }
}
