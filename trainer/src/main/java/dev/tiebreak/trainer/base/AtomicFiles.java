package dev.tiebreak.trainer.base;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/**
 * Writes files that are either whole or absent, also when the process is killed, the disk is full
 * or the power fails.
 *
 * <p>The bytes go to a temporary file in the folder of the target, are forced to the disk, and the
 * file is then renamed over the target. A reader sees the old content or the new, never a part. The
 * temporary file is removed when anything goes wrong; after a kill it stays behind, named {@code
 * .<target>.<unique>.tmp}. The folder must exist.
 */
public final class AtomicFiles {
  private static final int BUFFER_BYTES = 1 << 16;

  private AtomicFiles() {}

  /** Writes the content of a file; what it writes to need not be buffered, forced or closed. */
  @FunctionalInterface
  public interface Body<T> {
    /** Where it fails, the target stays as it was. */
    void writeTo(T out) throws IOException;
  }

  /**
   * Replaces a file by what the body writes to a channel, empty at first and at its start.
   *
   * @throws IOException if the content cannot be written in full; the target stays as it was. So do
   *     all others here
   */
  public static void writeChannel(Path target, Body<FileChannel> body) throws IOException {
    write(target, body);
  }

  /** Replaces a file by what the body writes to a buffered stream. */
  public static void writeStream(Path target, Body<OutputStream> body) throws IOException {
    write(target, channel -> toStream(channel, body));
  }

  /** Replaces a file by a text, encoded as UTF-8. */
  public static void writeString(Path target, String text) throws IOException {
    writeStream(target, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Replaces a file by a text, encoded as UTF-8, that nobody else may read: from its first byte on
   * the file is its owner's alone (mode 0600), where the file system knows owners.
   */
  public static void writePrivate(Path target, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    write(target, channel -> toStream(channel, out -> out.write(bytes)), ownerOnly(target));
  }

  private static void toStream(FileChannel channel, Body<OutputStream> body) throws IOException {
    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
    body.writeTo(out);
    out.flush();
  }

  /** Attributes of a file that its owner alone can read; none where owners are not known. */
  public static FileAttribute<?>[] ownerOnly(Path target) {
    return hasOwners(target)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private static boolean hasOwners(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static void write(Path target, Body<FileChannel> body, FileAttribute<?>... attributes)
      throws IOException {
    Path absolute = target.toAbsolutePath();
    Path folder = absolute.getParent();
    Path temporary =
        folder.resolve("." + absolute.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      try (FileChannel channel =
          FileChannel.open(
              temporary,
              Set.of(
                  StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
              attributes)) {
        body.writeTo(channel);
        channel.force(true);
      }
      Files.move(
          temporary, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (Throwable failure) {
      deleteAfter(failure, temporary);
      throw failure;
    }
    forceFolder(folder);
  }

  private static void deleteAfter(Throwable failure, Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException suppressed) {
      failure.addSuppressed(suppressed);
    }
  }

  /** Makes the rename itself durable. Windows has no such operation and needs none. */
  private static void forceFolder(Path folder) throws IOException {
    if (hasOwners(folder)) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }
}
