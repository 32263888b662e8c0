package dev.tiebreak.trainer.base;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Adds lines to a file at its end. A last line that a kill cut is dropped first. Several threads
 * must take turns.
 */
public final class LineWriter implements AutoCloseable {
  private final Path file;
  private final String what;
  private final FileChannel channel;

  private LineWriter(Path file, String what, FileChannel channel) {
    this.file = file;
    this.what = what;
    this.channel = channel;
  }

  /**
   * Opens a file, or makes it.
   *
   * @param what the file is, for messages: {@code the metrics}
   * @throws UserError if it cannot be written
   */
  public static LineWriter open(Path file, String what) {
    try {
      dropCutLine(file);
      return new LineWriter(file, what, atEnd(file));
    } catch (IOException e) {
      throw UserError.io("write " + what, file, e);
    }
  }

  /** The same, but nobody else than its owner may read a file that is made. */
  public static LineWriter openPrivate(Path file, String what) {
    try {
      if (!Files.exists(file)) {
        AtomicFiles.writePrivate(file, "");
      }
    } catch (IOException e) {
      throw UserError.io("write " + what, file, e);
    }
    return open(file, what);
  }

  private static FileChannel atEnd(Path file) throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
  }

  private static void dropCutLine(Path file) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long end = channel.size();
      ByteBuffer last = ByteBuffer.allocate(1);
      while (end > 0 && !(channel.read(last.clear(), end - 1) == 1 && last.get(0) == '\n')) {
        end--;
      }
      channel.truncate(end);
    }
  }

  /**
   * Adds a line. It may be lost if the power fails, until {@link #force} returns.
   *
   * @throws UserError if it cannot be written
   */
  public void append(String line) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw UserError.io("write " + what, file, e);
    }
  }

  /** Puts everything on the disk. */
  public void force() {
    try {
      channel.force(false);
    } catch (IOException e) {
      throw UserError.io("write " + what, file, e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw UserError.io("close " + what, file, e);
    }
  }
}
