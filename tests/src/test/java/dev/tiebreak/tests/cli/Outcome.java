package dev.tiebreak.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.trainer.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/**
 * What one command line did.
 *
 * @param code its exit code
 * @param out what it wrote to the output
 * @param err what it wrote to the error stream
 */
record Outcome(int code, String out, String err) {
  private static final String PREFIX = "tiebreak: ";

  /** Runs a command line in this process. */
  static Outcome of(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(new PrintWriter(out), new PrintWriter(err), args);
    return new Outcome(code, out.toString(), err.toString());
  }

  static Outcome of(List<String> args) {
    return of(args.toArray(String[]::new));
  }

  /** Checks that all went well. */
  Outcome succeeded() {
    assertThat(code).as(err).isZero();
    assertThat(err).doesNotContain(PREFIX, "\tat ");
    return this;
  }

  /** Checks that the error stream holds one line and no more, and nothing was put out. */
  void failedAtOnce(String... parts) {
    assertThat(err.lines()).as(err).hasSize(1);
    failed(parts);
  }

  /** Checks that what came last was one line with these parts, after progress perhaps. */
  void failed(String... parts) {
    assertThat(code).as(err).isEqualTo(2);
    assertThat(out).isEmpty();
    assertThat(err.lines().filter(line -> line.startsWith(PREFIX))).as(err).hasSize(1);
    assertThat(err.lines().toList().getLast()).startsWith(PREFIX).contains(parts);
    assertThat(err).doesNotContain("\tat ", "Exception", "internal error");
  }
}
