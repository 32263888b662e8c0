package dev.tiebreak.trainer.ballot;

import dev.tiebreak.trainer.base.AtomicFiles;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A file of lines that grows at its end: what was appended is on the disk when {@link #append}
 * returns, and a line that a kill cut is dropped when the file is opened again. Readable by its
 * owner only; one process at a time has it open, where the file system has locks. Safe for several
 * threads.
 */
public final class DurableLines implements AutoCloseable {
  private final Path file;
  private final FileChannel lock;
  private final List<String> before;
  private FileChannel channel;

  private DurableLines(Path file, FileChannel lock) throws IOException {
    this.file = file;
    this.lock = lock;
    String text = Files.exists(file) ? Files.readString(file) : "";
    String whole = text.substring(0, text.lastIndexOf('\n') + 1);
    if (!Files.exists(file) || whole.length() < text.length()) {
      AtomicFiles.writePrivate(file, whole);
    }
    this.before = whole.lines().toList();
    this.channel = openAtEnd();
  }

  /**
   * Opens a file, or makes it.
   *
   * @throws UserError if it cannot be read or written, or another process has it open
   */
  public static DurableLines open(Path file) {
    FileChannel lock = null;
    try {
      lock = lock(file);
      return new DurableLines(file, lock);
    } catch (IOException e) {
      closeQuietly(lock);
      throw UserError.io("write", file, e);
    }
  }

  /** The lock has a file of its own, which stays: the other one may be replaced. */
  private static FileChannel lock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file.resolveSibling("." + file.getFileName() + ".lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    if (!isLocked(channel)) {
      channel.close();
      throw new UserError(Words.of("another process writes to %s; wait for its end", file));
    }
    return channel;
  }

  private static boolean isLocked(FileChannel channel) {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // held by this process
    } catch (IOException e) {
      return true; // a file system without locks
    }
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // what went wrong before matters more
    }
  }

  private FileChannel openAtEnd() throws IOException {
    return FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
  }

  /** The lines that were there when the file was opened. */
  public List<String> before() {
    return before;
  }

  /**
   * Adds a line.
   *
   * @throws UserError if it cannot be written
   */
  public synchronized void append(String line) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(false);
    } catch (IOException e) {
      throw UserError.io("write", file, e);
    }
  }

  /**
   * Adds several lines: all or none, also when the process is killed meanwhile.
   *
   * @throws UserError if they cannot be written
   */
  public synchronized void appendAll(List<String> lines) {
    if (lines.size() == 1) {
      append(lines.getFirst());
      return;
    }
    try {
      StringBuilder text = new StringBuilder(Files.readString(file));
      lines.forEach(line -> text.append(line).append('\n'));
      channel.close(); // some systems do not replace an open file
      try {
        AtomicFiles.writePrivate(file, text.toString());
      } finally {
        channel = openAtEnd();
      }
    } catch (IOException e) {
      throw UserError.io("write", file, e);
    }
  }

  @Override
  public synchronized void close() {
    try (FileChannel _ = lock) {
      channel.close();
    } catch (IOException e) {
      throw UserError.io("close", file, e);
    }
  }
}
