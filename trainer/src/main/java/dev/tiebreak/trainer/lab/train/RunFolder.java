package dev.tiebreak.trainer.lab.train;

import dev.tiebreak.trainer.base.AtomicFiles;
import dev.tiebreak.trainer.base.LockFile;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.checkpoint.Checkpoints;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
  private final Optional<LockFile> lock; // empty if only reading

  private RunFolder(Path path, Mode mode, Optional<LockFile> lock) {
    this.path = path;
    this.mode = mode;
    this.lock = lock;
  }

  /** Looks into the folder of a run that may be going on: for reading only. */
  public static RunFolder view(Path path) {
    return new RunFolder(path, Mode.RESUME, Optional.empty());
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
                    + "; wait for it or choose another --run"));
  }

  /**
   * The same, but empty if another training holds the folder, of this process or of another one.
   *
   * @throws UserError as {@link #open} does, but for that
   */
  public static Optional<RunFolder> openIfFree(Path path, Mode mode) {
    boolean hasRun = Files.exists(path.resolve(MANIFEST));
    if (mode == Mode.RESUME && !hasRun) {
      throw new UserError("there is no run in " + path + " to resume; leave out --resume");
    }
    if (mode == Mode.NEW && hasRun) {
      throw new UserError(
          Words.of(
              "there is a run in %s already; continue it with --resume, replace it with --overwrite, or choose another folder with --run",
              path));
    }
    try {
      if (!hasRun && Files.isDirectory(path)) {
        requireRoom(path, mode);
      }
      Files.createDirectories(path);
      return LockFile.tryTake(path.resolve(LOCK))
          .map(lock -> new RunFolder(path, mode, Optional.of(lock)));
    } catch (FileAlreadyExistsException e) {
      throw new UserError(path + " is a file, not a folder; choose another with --run", e);
    } catch (IOException e) {
      throw UserError.io("create the run folder", path, e);
    }
  }

  /** Refuses a folder without a run that holds something; a run that hardly began is said. */
  private static void requireRoom(Path path, Mode mode) throws IOException {
    boolean ours = holdsOnly(RunFolder::isOurs, path);
    if (mode == Mode.OVERWRITE ? ours : holdsOnly(LOCK::equals, path)) {
      return;
    }
    boolean begun = ours && Files.exists(path.resolve(TOKENIZER)); // the first file of a run
    throw new UserError(
        begun
            ? Words.of(
                "a run in %s ended before it began; replace it with --overwrite, or choose another folder with --run",
                path)
            : Words.of(
                "the folder %s is not empty and holds no run; choose another with --run", path));
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
      for (Path file :
          List.of(manifest(), summary(), aborted(), examination(), validation(), metrics())) {
        Files.deleteIfExists(file);
      }
      checkpoints().deleteAll();
      deleteTemporaries();
      tokenizer.save(tokenizer());
      AtomicFiles.writeString(config(), config.toToml());
      RunManifest.FORMAT.write(manifest(), manifest);
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
    if (lock.isEmpty()) {
      return;
    }
    lock.get().close();
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
