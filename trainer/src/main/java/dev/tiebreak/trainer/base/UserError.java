package dev.tiebreak.trainer.base;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;

/**
 * A mistake that the user can mend: a wrong option, an unreadable file, a full disk.
 *
 * <p>The message is one line that says what happened, where, and what to do about it, in terms of
 * keys and files. How that is done in some user interface is not in it: {@link #remedies} tells the
 * interface, which adds its own words. Faults of the program itself are never reported this way.
 */
public final class UserError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Remedy> remedies;

  /**
   * @param message one line: what happened, where, what to do
   */
  public UserError(String message, Remedy... remedies) {
    this(message, null, remedies);
  }

  public UserError(String message, Throwable cause, Remedy... remedies) {
    super(message, cause);
    this.remedies = List.of(remedies);
  }

  /** What the message advises; none after deserialisation. */
  public List<Remedy> remedies() {
    return remedies == null ? List.of() : remedies;
  }

  /**
   * Puts a failed file operation into words.
   *
   * @param action what was being done, as an infinitive: {@code "read"}, {@code "write"}
   */
  public static UserError io(String action, Path file, IOException cause) {
    return new UserError("cannot " + action + " " + file + ": " + reason(cause), cause);
  }

  private static String reason(IOException cause) {
    String text = systemText(cause);
    if (cause instanceof NoSuchFileException) {
      return "no such file or folder; check the path";
    }
    if (cause instanceof NotDirectoryException || text.contains("Not a directory")) {
      return "part of the path is a file, not a folder; check the path";
    }
    if (cause instanceof AccessDeniedException || text.contains("Permission denied")) {
      return "permission denied; change its permissions or choose another path";
    }
    if (text.contains("No space left") || text.contains("not enough space")) {
      return "no space left on the disk; free some or choose another path";
    }
    if (text.contains("quota exceeded")) {
      return "the disk quota is used up; free some space or choose another path";
    }
    if (text.contains("Read-only file system")) {
      return "the file system is read-only; choose another path";
    }
    return text + "; check the path and the disk";
  }

  /** What the system said, without the file name that {@link FileSystemException} repeats. */
  private static String systemText(IOException cause) {
    String text =
        cause instanceof FileSystemException files && files.getReason() != null
            ? files.getReason()
            : cause.getMessage();
    return text == null ? cause.getClass().getSimpleName() : text;
  }
}
