package dev.tiebreak.trainer.base;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A file that one at a time holds, of all threads and processes: whoever works in a folder keeps
 * others out with it. Where a file system has no locks, only this process's threads are kept out.
 *
 * <p>Letting go removes the file, so a lock may be that of a file that was just removed: whoever
 * takes one makes sure that the file still has its name.
 *
 * <p>The system takes a lock from a process that closes the file, through whichever channel. So
 * this process opens the file of a lock that it holds no second time, and has to know which it
 * holds.
 */
public final class LockFile implements AutoCloseable {
  private static final int LARGEST = 1 << 12; // bytes: a block on the disk
  private static final Set<Path> HELD = new HashSet<>(); // by this process; guarded by itself

  private final Path file;
  private final FileChannel channel;

  private LockFile(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Takes a lock if it is free.
   *
   * @param file of the lock; its folder exists
   * @return empty if somebody holds it
   * @throws UserError if the file cannot be made
   */
  public static Optional<LockFile> tryTake(Path file) {
    return take(file, false);
  }

  /**
   * Takes a lock, waiting for whoever holds it.
   *
   * @param file of the lock; its folder exists
   * @throws UserError if the file cannot be made, or this thread is interrupted
   */
  public static LockFile take(Path file) {
    return take(file, true).orElseThrow();
  }

  private static Optional<LockFile> take(Path file, boolean wait) {
    try {
      Path real = real(file);
      if (!isFirst(real, wait)) {
        return Optional.empty();
      }
      Optional<LockFile> lock = Optional.empty();
      try {
        lock = channel(real, wait).map(channel -> new LockFile(real, channel));
        return lock;
      } finally {
        if (lock.isEmpty()) {
          letGo(real);
        }
      }
    } catch (IOException e) {
      throw UserError.io("lock", file, e);
    }
  }

  /** One name for each file, by whatever links it is reached. */
  private static Path real(Path file) throws IOException {
    return file.toAbsolutePath().getParent().toRealPath().resolve(file.getFileName());
  }

  /** Whether no other thread of this process has it. */
  private static boolean isFirst(Path file, boolean wait) throws IOException {
    synchronized (HELD) {
      while (!HELD.add(file)) {
        if (!wait) {
          return false;
        }
        try {
          HELD.wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw (IOException) new InterruptedIOException("interrupted").initCause(e);
        }
      }
      return true;
    }
  }

  private static Optional<FileChannel> channel(Path file, boolean wait) throws IOException {
    while (true) {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        if ((wait ? channel.lock() : channel.tryLock()) == null) {
          channel.close();
          return Optional.empty();
        }
      } catch (IOException e) {
        return Optional.of(channel); // a file system without locks
      }
      if (isAt(file, channel)) {
        return Optional.of(channel);
      }
      channel.close();
    }
  }

  /** Whether an open file still has its name: the size that it is given can be seen there. */
  private static boolean isAt(Path file, FileChannel channel) throws IOException {
    int size = ThreadLocalRandom.current().nextInt(1, LARGEST);
    channel.truncate(0);
    channel.write(ByteBuffer.allocate(1), size - 1);
    try {
      return Files.size(file) == size;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static void letGo(Path file) {
    synchronized (HELD) {
      HELD.remove(file);
      HELD.notifyAll();
    }
  }

  /**
   * Lets others have it. Closing twice does nothing.
   *
   * @throws UserError if the file cannot be removed; others can have the lock all the same
   */
  @Override
  public void close() {
    if (!channel.isOpen()) {
      return;
    }
    try (channel) {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw UserError.io("unlock", file, e);
    } finally {
      letGo(file);
    }
  }
}
