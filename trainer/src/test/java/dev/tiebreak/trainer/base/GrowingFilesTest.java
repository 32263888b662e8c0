package dev.tiebreak.trainer.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@link LineWriter} and {@link DurableLines}. */
class GrowingFilesTest {
  @TempDir Path folder;

  private Path file() {
    return folder.resolve("x.jsonl");
  }

  @ParameterizedTest
  @CsvSource({"'', ''", "a, ''", "'a\n', 'a\n'", "'a\nb\nhalf', 'a\nb\n'", "'\n\n', '\n\n'"})
  void aLineThatAKillCutIsDropped(String before, String whole) throws IOException {
    Files.writeString(file(), before);
    try (LineWriter lines = LineWriter.open(file(), "the lines")) {
      lines.append("é");
      lines.force();
    }
    assertThat(file()).hasContent(whole + "é\n");
  }

  @Test
  void whatIsAppendedIsThereAndPrivate() throws IOException {
    try (DurableLines lines = DurableLines.open(file(), "the lines")) {
      lines.append("1");
      assertThat(file()).hasContent("1\n");
      lines.appendAll(List.of("2", "3"));
      lines.appendAll(List.of("4"));
      assertThatThrownBy(() -> DurableLines.open(file(), "the lines"))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("another process writes to " + file());
    }
    try (DurableLines lines = DurableLines.open(file(), "the lines")) {
      lines.append("5");
    }
    assertThat(file()).hasContent("1\n2\n3\n4\n5\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    assertThat(folder).isDirectoryNotContaining("glob:**.lock");
  }

  @Test
  void whatCannotBeWrittenIsNamed() {
    assertThatThrownBy(() -> LineWriter.open(folder, "the lines"))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll("write the lines", folder.toString());
  }
}
