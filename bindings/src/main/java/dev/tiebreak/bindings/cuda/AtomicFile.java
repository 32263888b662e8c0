package dev.tiebreak.bindings.cuda;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files that are there whole or not at all, also when the process is killed or the power fails. */
final class AtomicFile {
  private AtomicFile() {}

  /** Writes the parts one after the other, in a temporary file that then takes the place. */
  static void write(Path target, byte[]... parts) throws IOException {
    Path unfinished = Files.createTempFile(target.getParent(), ".unfinished-", null);
    try {
      try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
        for (byte[] part : parts) {
          ByteBuffer rest = ByteBuffer.wrap(part);
          while (rest.hasRemaining()) {
            channel.write(rest);
          }
        }
        channel.force(true);
      }
      Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
      forceFolder(target.getParent());
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  /** The new name is on the disk only when the folder is; Windows opens no folders. */
  private static void forceFolder(Path folder) throws IOException {
    if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
