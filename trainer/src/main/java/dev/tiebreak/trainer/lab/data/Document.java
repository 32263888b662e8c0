package dev.tiebreak.trainer.lab.data;

import dev.tiebreak.trainer.base.UserError;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * One text and how to open it, as often as needed.
 *
 * @param opener gives its UTF-8 bytes from the start
 */
record Document(String name, Opener opener) {
  private static final int BUFFER_BYTES = 1 << 16;

  /** Opens the bytes of a document. */
  @FunctionalInterface
  interface Opener {
    InputStream open() throws IOException;
  }

  /** A file; its bytes are unpacked if the name ends in {@code .gz}. */
  static Document ofFile(Path file) {
    return new Document(file.toString(), () -> openFile(file));
  }

  private static InputStream openFile(Path file) throws IOException {
    InputStream in = Files.newInputStream(file);
    if (!file.getFileName().toString().endsWith(".gz")) {
      return in;
    }
    try {
      return new GZIPInputStream(in, BUFFER_BYTES);
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  static Document ofText(String name, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new Document(name, () -> new ByteArrayInputStream(bytes));
  }

  /** What to say when its bytes cannot be read. */
  UserError unreadable(IOException cause) {
    return UserError.io("read the text", Path.of(name), cause);
  }
}
