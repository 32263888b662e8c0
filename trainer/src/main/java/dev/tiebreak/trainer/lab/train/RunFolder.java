package dev.tiebreak.trainer.lab.train;

import dev.tiebreak.trainer.base.AtomicFiles;
import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.lab.checkpoint.Checkpoints;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;

/**
 * The folder of one run, held by one training at a time. What it contains is listed in the
 * package's description.
 *
 * <p>Opening it checks everything that can be checked before hours of work, but changes nothing in
 * it: the files of an older run go only when the new one is about to begin.
 */
public final class RunFolder implements AutoCloseable {
  private static final String CONFIG = "config.toml";
  private static final String MANIFEST = "manifest.json";
  private static final String TOKENIZER = "tokenizer.json";
  private static final String METRICS = "metrics.jsonl";
  private static final String SUMMARY = "summary.json";
  private static final String EXAMINATION = "examination.json";
  private static final String VALIDATION = "validation.safetensors";
  private static final String ABORTED = "aborted.json";
  private static final String CHECKPOINTS = "checkpoints";
  private static final String LOCK = ".lock";
  private static final Set<String> OUR_FILES =
      Set.of(
          CONFIG,
          MANIFEST,
          TOKENIZER,
          METRICS,
          SUMMARY,
          EXAMINATION,
          VALIDATION,
          ABORTED,
          CHECKPOINTS,
          LOCK);

  private static final int LARGEST_LOCK = 1 << 12; // bytes: a block on the disk
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet(); // by this process

  /** What may be in the folder already. */
  public enum Mode {
    /** No run. */
    NEW,
    /** Any run or none: an older run is removed. */
    OVERWRITE,
    /** A run, which goes on from its last checkpoint. */
    RESUME
  }

  private final Path path;
  private final Mode mode;
  private final FileChannel lockFile; // null if only reading

  private RunFolder(Path path, Mode mode, FileChannel lockFile) {
    this.path = path;
    this.mode = mode;
    this.lockFile = lockFile;
  }

  /** Looks into the folder of a run that may be going on: for reading only. */
  public static RunFolder view(Path path) {
    return new RunFolder(path, Mode.RESUME, null);
  }

  /**
   * Takes hold of a folder to train in; creates it if it is missing.
   *
   * @throws UserError if there is a run and the mode does not allow one, if there is none and the
   *     mode asks for one, if another process trains in it, or if it cannot be written
   */
  public static RunFolder open(Path path, Mode mode) {
    return openIfFree(path, mode)
        .orElseThrow(() ->
            new UserError(
                "another training is going on in "
                    + path
                    + "; wait for it or choose another folder",
                Remedy.parameter("run")));
  }

  /**
   * The same, but empty if another training holds the folder, of this process or of another one.
   *
   * @throws UserError as {@link #open} does, but for that
   */
  public static Optional<RunFolder> openIfFree(Path path, Mode mode) {
    boolean hasRun = Files.exists(path.resolve(MANIFEST));
    if (mode == Mode.RESUME && !hasRun) {
      throw nothingToResume(path);
    }
    if (mode == Mode.NEW && hasRun) {
      throw new UserError(
          "there is a run in " + path + " already; resume it, replace it, or choose another folder",
          Remedy.parameter("resume"),
          Remedy.parameter("overwrite"),
          Remedy.parameter("run"));
    }
    try {
      if (!hasRun && Files.isDirectory(path)) {
        requireRoom(path, mode);
      }
      Files.createDirectories(path);
      return lock(path).map(lock -> new RunFolder(path, mode, lock));
    } catch (FileAlreadyExistsException e) {
      throw new UserError(
          path + " is a file, not a folder; choose another", e, Remedy.parameter("run"));
    } catch (IOException e) {
      throw UserError.io("create the run folder", path, e);
    }
  }

  static UserError nothingToResume(Path path) {
    return new UserError(
        "there is no run in " + path + " to resume; leave that out to begin one",
        Remedy.parameter("resume"));
  }

  /** Refuses a folder without a run that holds something; a run that hardly began is said. */
  private static void requireRoom(Path path, Mode mode) throws IOException {
    boolean ours = holdsOnly(RunFolder::isOurs, path);
    if (mode == Mode.OVERWRITE ? ours : holdsOnly(LOCK::equals, path)) {
      return;
    }
    boolean begun = ours && Files.exists(path.resolve(TOKENIZER)); // the first file of a run
    if (begun) {
      throw new UserError(
          "a run in " + path + " ended before it began; replace it, or choose another folder",
          Remedy.parameter("overwrite"),
          Remedy.parameter("run"));
    }
    throw new UserError(
        "the folder " + path + " is not empty and holds no run; choose another",
        Remedy.parameter("run"));
  }

  private static boolean isOurs(String name) {
    return OUR_FILES.contains(name) || (name.startsWith(".") && name.endsWith(".tmp"));
  }

  private static boolean holdsOnly(Predicate<String> names, Path path) throws IOException {
    try (DirectoryStream<Path> children = Files.newDirectoryStream(path)) {
      for (Path child : children) {
        if (!names.test(child.getFileName().toString())) {
          return false;
        }
      }
      return true;
    }
  }

  /**
   * Locks the folder; empty if somebody else holds it. Closing a folder removes the lock's file, so
   * a lock may be that of a file that was just removed: then there is another to be had.
   *
   * <p>The system takes a lock from a process that closes the file, through whichever channel: so
   * this process opens the file of a folder that it holds no second time.
   */
  private static Optional<FileChannel> lock(Path path) throws IOException {
    if (!HELD.add(key(path))) {
      return Optional.empty();
    }
    Optional<FileChannel> lock = Optional.empty();
    try {
      lock = lockFile(path.resolve(LOCK));
      return lock;
    } finally {
      if (lock.isEmpty()) {
        HELD.remove(key(path));
      }
    }
  }

  private static Path key(Path path) {
    return path.toAbsolutePath().normalize();
  }

  private static Optional<FileChannel> lockFile(Path file) throws IOException {
    while (true) {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        FileLock lock = channel.tryLock();
        if (lock == null) {
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
    int size = ThreadLocalRandom.current().nextInt(1, LARGEST_LOCK);
    channel.truncate(0);
    channel.write(ByteBuffer.allocate(1), size - 1);
    try {
      return Files.size(file) == size;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** The folder. */
  public Path path() {
    return path;
  }

  /** Whether the run in it goes on. */
  boolean isResumed() {
    return mode == Mode.RESUME;
  }

  /** The resolved configuration. */
  public Path config() {
    return path.resolve(CONFIG);
  }

  /** The hashes. */
  public Path manifest() {
    return path.resolve(MANIFEST);
  }

  /** The tokenizer. */
  public Path tokenizer() {
    return path.resolve(TOKENIZER);
  }

  /** One line per logged step and evaluation. */
  public Path metrics() {
    return path.resolve(METRICS);
  }

  /** The result, there once the run is complete. */
  public Path summary() {
    return path.resolve(SUMMARY);
  }

  /** Why the run was given up, there from then on until it is complete. */
  public Path aborted() {
    return path.resolve(ABORTED);
  }

  /** What the model's last evaluation says beyond its loss, there if that was asked for. */
  public Path examination() {
    return path.resolve(EXAMINATION);
  }

  /** Each validation token's loss, there if there is an examination. */
  public Path validation() {
    return path.resolve(VALIDATION);
  }

  /** The checkpoints. */
  public Checkpoints checkpoints() {
    return new Checkpoints(path.resolve(CHECKPOINTS));
  }

  /**
   * Removes an older run's files and writes those that a run begins with; the manifest comes last,
   * so a folder that has one has them all.
   *
   * @throws UserError if they cannot be written
   */
  void begin(TrainConfig config, Tokenizer tokenizer, RunManifest manifest) {
    try {
      Files.deleteIfExists(manifest());
      Files.deleteIfExists(summary());
      Files.deleteIfExists(aborted());
      Files.deleteIfExists(examination());
      Files.deleteIfExists(validation());
      Files.deleteIfExists(metrics());
      checkpoints().deleteAll();
      deleteTemporaries();
      tokenizer.save(tokenizer());
      AtomicFiles.writeString(config(), config.toToml());
      manifest.write(manifest());
    } catch (IOException e) {
      throw UserError.io("write the run folder", path, e);
    }
  }

  private void deleteTemporaries() throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(path, ".*.tmp")) {
      for (Path file : left) {
        Files.delete(file);
      }
    }
  }

  /** Lets others train in the folder; removes it if nothing was written to it. */
  @Override
  public void close() {
    if (lockFile == null || !lockFile.isOpen()) {
      return;
    }
    try {
      Files.deleteIfExists(path.resolve(LOCK));
      lockFile.close();
      if (holdsOnly(_ -> false, path)) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw UserError.io("close the run folder", path, e);
    } finally {
      HELD.remove(key(path));
    }
  }
}
