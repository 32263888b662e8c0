package dev.tiebreak.trainer.base;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShellTest {
  @ParameterizedTest
  @ValueSource(strings = {"runs/demo-2", "--set=optimizer.lr=1e-3", "a:b,c@d%e+f_g"})
  void plainWordsStayAsTheyAre(String word) {
    assertThat(Shell.word(word)).isEqualTo(word);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a b", "it's", "$HOME", "`date`", "a\nb", "ü", "*", "~", "\"", "\\", "#"})
  void everythingElseComesOutOfAShellAsItWas(String word) throws Exception {
    Process shell =
        new ProcessBuilder("/bin/sh", "-c", "printf %s " + Shell.word(word))
            .redirectErrorStream(true)
            .start();
    assertThat(new String(shell.getInputStream().readAllBytes(), UTF_8)).isEqualTo(word);
  }

  @ParameterizedTest
  @ValueSource(strings = {"my runs", "runs"})
  void pathsAreWordsToo(String path) {
    assertThat(Shell.word(Path.of(path))).isEqualTo(Shell.word(path));
  }
}
