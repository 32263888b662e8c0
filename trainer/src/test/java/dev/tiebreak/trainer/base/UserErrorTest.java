package dev.tiebreak.trainer.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class UserErrorTest {
  private static final Path FILE = Path.of("some", "file.txt");

  private static String message(IOException cause) {
    UserError error = UserError.io("read", FILE, cause);
    assertThat(error).hasCause(cause);
    assertThat(error.getMessage()).startsWith("cannot read " + FILE + ": ").doesNotContain("\n");
    return error.getMessage();
  }

  @Test
  void theReasonAndTheRemedyAreSaid() {
    assertThat(message(new NoSuchFileException("x"))).endsWith("check the path");
    assertThat(message(new AccessDeniedException("x"))).contains("permission denied; change");
    assertThat(message(new IOException("No space left on device"))).contains("free some");
    assertThat(message(new FileSystemException("x", null, "No space left on device")))
        .contains("free some");
    assertThat(message(new FileSystemException("x", null, "Read-only file system")))
        .contains("read-only");
    assertThat(message(new FileSystemException("x/y", null, "Not a directory")))
        .contains("is a file, not a folder");
    assertThat(message(new IOException("Input/output error"))).contains("Input/output error;");
    assertThat(message(new IOException())).contains("IOException");
  }
}
