package dev.tiebreak.trainer.base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * A file of lines that grows at its end: what was appended is on the disk when {@link #append}
 * returns, and a line that a kill cut is dropped when the file is opened again. Readable by its
 * owner only; one at a time has it open. Safe for several threads.
 */
public final class DurableLines implements AutoCloseable {
  private final Path file;
  private final String what;
  private final LockFile lock;
  private LineWriter writer;

  private DurableLines(Path file, String what, LockFile lock) {
    this.file = file;
    this.what = what;
    this.lock = lock;
    this.writer = LineWriter.openPrivate(file, what);
  }

  /**
   * Opens a file, or makes it.
   *
   * @param what the file is, for messages: {@code the votes}
   * @throws UserError if it cannot be written, or somebody else has it open
   */
  public static DurableLines open(Path file, String what) {
    LockFile lock =
        LockFile.tryTake(file.resolveSibling("." + file.getFileName() + ".lock"))
            .orElseThrow(() ->
                new UserError(Words.of("another process writes to %s; wait for its end", file)));
    try {
      return new DurableLines(file, what, lock);
    } catch (UserError e) {
      lock.close();
      throw e;
    }
  }

  /**
   * Opens a file, or makes it, and gives its lines to whoever keeps it.
   *
   * @param log reads what is there and closes the lines some day; if it throws, they are closed
   */
  public static <T> T open(Path file, String what, Function<DurableLines, T> log) {
    DurableLines lines = open(file, what);
    try {
      return log.apply(lines);
    } catch (RuntimeException e) {
      lines.close();
      throw e;
    }
  }

  /**
   * Adds a line.
   *
   * @throws UserError if it cannot be written
   */
  public synchronized void append(String line) {
    writer.append(line);
    writer.force();
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
      replace(Files.readString(file), lines);
    } catch (IOException e) {
      throw UserError.io("read " + what, file, e);
    }
  }

  /**
   * Puts other lines in the place of those that are there: whole or not at all.
   *
   * @throws UserError if they cannot be written
   */
  public synchronized void replaceAll(List<String> lines) {
    replace("", lines);
  }

  private void replace(String before, List<String> lines) {
    StringBuilder text = new StringBuilder(before);
    lines.forEach(line -> text.append(line).append('\n'));
    writer.close(); // some systems do not replace an open file
    try {
      AtomicFiles.writePrivate(file, text.toString());
    } catch (IOException e) {
      throw UserError.io("write " + what, file, e);
    } finally {
      writer = LineWriter.open(file, what);
    }
  }

  @Override
  public synchronized void close() {
    try (lock) {
      writer.close();
    }
  }
}
