package dev.tiebreak.trainer.lab.train;

import dev.tiebreak.trainer.base.AtomicFiles;
import dev.tiebreak.trainer.base.LockFile;
import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The folder of a run, held by one training at a time.
 *
 * <p>Opening it checks everything that can be checked before hours of work, but changes nothing in
 * it: the files of an older run go only when the new one is about to begin.
 */
public final class HeldRun implements AutoCloseable {
  private static final String LOCK = ".lock";

  /** What may be in the folder already. */
  public enum Mode {
    /** No run. */
    NEW,
    /** Any run or none: an older run is removed. */
    OVERWRITE,
    /** A run, which goes on from its last checkpoint. */
    RESUME
  }

  private final RunFolder folder;
  private final Mode mode;
  private final LockFile lock;

  private HeldRun(RunFolder folder, Mode mode, LockFile lock) {
    this.folder = folder;
    this.mode = mode;
    this.lock = lock;
  }

  /**
   * Takes hold of a folder to train in; creates it if it is missing.
   *
   * @throws UserError if there is a run and the mode does not allow one, if there is none and the
   *     mode asks for one, if another process trains in it, or if it cannot be written
   */
  public static HeldRun open(Path path, Mode mode) {
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
  public static Optional<HeldRun> openIfFree(Path path, Mode mode) {
    RunFolder folder = new RunFolder(path);
    boolean hasRun = Files.exists(folder.manifest());
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
        requireRoom(folder, mode);
      }
      Files.createDirectories(path);
      return LockFile.tryTake(path.resolve(LOCK)).map(lock -> new HeldRun(folder, mode, lock));
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
  private static void requireRoom(RunFolder folder, Mode mode) throws IOException {
    Path path = folder.path();
    Path lock = path.resolve(LOCK);
    boolean ours = holdsOnly(file -> folder.isOurs(file) || file.equals(lock), path);
    if (mode == Mode.OVERWRITE ? ours : holdsOnly(lock::equals, path)) {
      return;
    }
    if (ours && Files.exists(folder.tokenizer())) { // the first file of a run
      throw new UserError(
          "a run in " + path + " ended before it began; replace it, or choose another folder",
          Remedy.parameter("overwrite"),
          Remedy.parameter("run"));
    }
    throw new UserError(
        "the folder " + path + " is not empty and holds no run; choose another",
        Remedy.parameter("run"));
  }

  private static boolean holdsOnly(Predicate<Path> files, Path path) throws IOException {
    try (Stream<Path> children = Files.list(path)) {
      return children.allMatch(files);
    }
  }

  public RunFolder folder() {
    return folder;
  }

  boolean isResumed() {
    return mode == Mode.RESUME;
  }

  /**
   * Removes an older run's files and writes those that a run begins with; the manifest comes last,
   * so a folder that has one has them all.
   *
   * @throws UserError if they cannot be written
   */
  void begin(TrainConfig config, Tokenizer tokenizer, RunManifest manifest) {
    try {
      for (Path file : folder.results()) {
        Files.deleteIfExists(file);
      }
      folder.checkpoints().deleteAll();
      deleteTemporaries();
      tokenizer.save(folder.tokenizer());
      AtomicFiles.writeString(folder.config(), config.toToml());
      RunManifest.FORMAT.write(folder.manifest(), manifest);
    } catch (IOException e) {
      throw UserError.io("write the run folder", folder.path(), e);
    }
  }

  private void deleteTemporaries() throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder.path(), ".*.tmp")) {
      for (Path file : left) {
        Files.delete(file);
      }
    }
  }

  /** Lets others train in the folder; removes it if nothing was written to it. */
  @Override
  public void close() {
    lock.close();
    Path path = folder.path();
    try {
      if (Files.isDirectory(path) && holdsOnly(_ -> false, path)) {
        Files.deleteIfExists(path);
      }
    } catch (DirectoryNotEmptyException e) {
      // somebody else has it already
    } catch (IOException e) {
      throw UserError.io("close the run folder", path, e);
    }
  }
}
