package dev.tiebreak.trainer.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
  @TempDir Path folder;

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  @Test
  void aFileIsCreatedAndReplaced() throws IOException {
    Path file = folder.resolve("a.txt");
    AtomicFiles.writeString(file, "first, and longer");
    AtomicFiles.writeString(file, "zweite ü");
    assertThat(file).hasContent("zweite ü");
    assertThat(files()).containsExactly(file);
  }

  @Test
  void theOldFileStaysWholeWhileTheNewOneIsWritten() throws IOException {
    Path file = folder.resolve("a.txt");
    AtomicFiles.writeString(file, "old");
    AtomicFiles.writeStream(
        file,
        out -> {
          out.write("ne".getBytes(StandardCharsets.UTF_8));
          out.flush();
          assertThat(file).hasContent("old");
          out.write('w');
        });
    assertThat(file).hasContent("new");
  }

  @Test
  void aFailureLeavesTheOldFileAndNoTemporary() throws IOException {
    Path file = folder.resolve("a.txt");
    AtomicFiles.writeString(file, "old");
    assertThatThrownBy(() ->
            AtomicFiles.writeStream(
                file,
                out -> {
                  out.write(1);
                  throw new IOException("No space left on device");
                }))
        .isInstanceOf(IOException.class)
        .hasMessage("No space left on device");
    assertThatThrownBy(() ->
            AtomicFiles.writeChannel(
                file,
                channel -> {
                  throw new IllegalStateException("bug");
                }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(file).hasContent("old");
    assertThat(files()).containsExactly(file);
  }

  @Test
  void aPrivateFileIsItsOwnersAloneAlsoWhereItReplacesAnother() throws IOException {
    Path file = folder.resolve("a.txt");
    AtomicFiles.writeString(file, "for all");
    AtomicFiles.writePrivate(file, "for me: ü");
    assertThat(file).hasContent("for me: ü");
    assertThat(files()).containsExactly(file);
    if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void aMissingFolderIsReported() {
    Path file = folder.resolve("absent/a.txt");
    assertThatThrownBy(() -> AtomicFiles.writeString(file, "x"))
        .isInstanceOf(NoSuchFileException.class);
  }
}
