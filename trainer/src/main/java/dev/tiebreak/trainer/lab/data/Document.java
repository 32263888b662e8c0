package dev.tiebreak.trainer.lab.data;

import dev.tiebreak.trainer.base.UserError;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/**
 * One text and how to open it, as often as needed.
 *
 * @param opener gives its UTF-8 bytes from the start
 */
record Document(String name, Opener opener) {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final byte[] GZIP = {0x1F, (byte) 0x8B};

  /** Opens the bytes of a document. */
  @FunctionalInterface
  interface Opener {
    InputStream open() throws IOException;
  }

  /** A file; its bytes are unpacked if they are those of gzip, whatever its name. */
  static Document ofFile(Path file) {
    return new Document(file.toString(), () -> openFile(file));
  }

  private static InputStream openFile(Path file) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
    try {
      in.mark(GZIP.length);
      boolean packed = Arrays.equals(in.readNBytes(GZIP.length), GZIP);
      in.reset();
      return packed ? new GZIPInputStream(in, BUFFER_BYTES) : in;
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
