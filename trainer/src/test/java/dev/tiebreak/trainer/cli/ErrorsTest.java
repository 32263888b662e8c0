package dev.tiebreak.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.trainer.base.UserError;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class ErrorsTest {
  @Command(name = "failing")
  private static final class Failing {}

  private static Cli failed(Throwable e, boolean debug) {
    StringWriter err = new StringWriter();
    CommandLine command = new CommandLine(new Failing()).setErr(new PrintWriter(err));
    int code = Errors.failed(e, command, debug);
    return new Cli(code, "", err.toString());
  }

  private static void assertLine(Throwable e, int code, String line) {
    Cli cli = failed(e, false);
    assertThat(cli.code()).isEqualTo(code);
    assertThat(cli.errLines()).containsExactly(line);
  }

  @Test
  void aUserErrorIsItsMessage() {
    assertLine(new UserError("no such thing; do that"), 2, "tiebreak: no such thing; do that");
  }

  @Test
  void aMessageOfSeveralLinesBecomesOne() {
    assertLine(new UserError("first\n  second\r\n\nthird\n"), 2, "tiebreak: first; second; third");
  }

  @Test
  void filesThatFailAreNamedWithTheRemedy() {
    assertLine(
        new UncheckedIOException(new AccessDeniedException("/data/x")),
        2,
        "tiebreak: cannot read or write /data/x: permission denied; change its permissions or"
            + " choose another path");
    assertLine(
        new FileSystemException("a/b", null, "No space left on device"),
        2,
        "tiebreak: cannot read or write a/b: no space left on the disk; free some or choose"
            + " another path");
    assertLine(
        new IOException("No space left on device"),
        2,
        "tiebreak: cannot read or write: No space left on device; check the path and the space on"
            + " the disk");
    assertLine(
        new IOException(),
        2,
        "tiebreak: cannot read or write: IOException; check the path and the space on the disk");
  }

  @Test
  void aFullHeapIsExplained() {
    Cli cli = failed(new OutOfMemoryError("Java heap space"), false);
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).startsWith("tiebreak: Java's heap is full (").contains("-Xmx");
  }

  @Test
  void aFaultOfTheProgramIsOneLineWithAHint() {
    assertLine(
        new IllegalStateException("two\nlines"),
        1,
        "tiebreak: internal error: java.lang.IllegalStateException: two; lines; run again with"
            + " --debug to see where");
    assertLine(
        new StackOverflowError(),
        1,
        "tiebreak: internal error: java.lang.StackOverflowError; run again with --debug to see"
            + " where");
  }

  @Test
  void debugShowsTheStackTraceOfEveryError() {
    for (Throwable e : new Throwable[] {new UserError("x"), new IllegalStateException("x")}) {
      Cli cli = failed(e, true);
      assertThat(cli.errLines()).hasSizeGreaterThan(3);
      assertThat(cli.err())
          .containsPattern("\tat (.*/)?" + ErrorsTest.class.getName()) // with or without a module
          .doesNotContain("again");
    }
  }
}
