package dev.tiebreak.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.UserError;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/** Errors name keys; the command line adds its options and commands. */
class RemediesTest {
  private static String said(UserError error, String... command) {
    StringWriter err = new StringWriter();
    CommandLine line = Main.commandLine();
    for (String name : command) {
      line = line.getSubcommands().get(name);
    }
    line.setErr(new PrintWriter(err));
    assertThat(Errors.failed(error, line, false)).isEqualTo(ExitCode.USER_ERROR);
    return err.toString().strip();
  }

  @ParameterizedTest
  @EnumSource(Remedy.Kind.class)
  void everyStepIsACommandLineThatThisProgramUnderstands(Remedy.Kind kind) {
    CommandLine main = Main.commandLine();
    String words = Remedies.words(Remedy.step(kind, Path.of("x")), main.getCommandSpec());
    String[] args = words.replace("\"", "").split(" ");
    assertThat(args[0]).isEqualTo("tiebreak");
    if (kind != Remedy.Kind.EXAMINE) { // whose run the message names
      assertThatCode(() -> main.parseArgs(Arrays.copyOfRange(args, 1, args.length)))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void whatAMessageAdvisesIsFollowedByHow() {
    UserError error =
        new UserError(
            "no run in x; train one there first, or resume it",
            Remedy.step(Remedy.Kind.TRAIN, Path.of("a b")),
            Remedy.parameter("resume"));
    assertThat(said(error, "train"))
        .isEqualTo(
            "tiebreak: no run in x; train one there first, or resume it"
                + " (tiebreak train --preset quick --run 'a b', --resume)");
  }

  @Test
  void optionsThatACommandDoesNotHaveAreNotNamed() {
    UserError error = new UserError("use f32", Remedy.parameter("precision", "f32"));
    assertThat(said(error, "train")).isEqualTo("tiebreak: use f32 (--precision f32)");
    assertThat(said(error, "study", "run")).isEqualTo("tiebreak: use f32");
  }

  @Test
  void aParameterThatIsWrongIsCalledAsItWasTyped() {
    UserError error = null;
    try {
      Check.parameter(false, "top_k", -1, "0 or more");
    } catch (UserError e) {
      error = e;
    }
    assertThat(error).hasMessage("top_k is -1; it must be 0 or more");
    assertThat(said(error, "generate")).isEqualTo("tiebreak: --top-k is -1; it must be 0 or more");
    assertThat(said(error, "train")).isEqualTo("tiebreak: top_k is -1; it must be 0 or more");
  }
}
