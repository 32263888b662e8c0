package dev.tiebreak.trainer.lab.checkpoint;

import dev.tiebreak.nn.AdamW;
import dev.tiebreak.nn.Parameter;
import dev.tiebreak.trainer.base.UserError;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The checkpoints of a run: a folder of {@code step-*} folders.
 *
 * <p>One is built in a folder with a temporary name beside it, forced to the disk, and renamed:
 * whatever has the right name and its three files is whole, also after a kill or a power cut. Older
 * ones are removed only after that. Folders that lack a file, and files of other names, are neither
 * read nor removed.
 */
public final class Checkpoints {
  private static final String TEMPORARY_PREFIX = ".step-";
  private static final String TEMPORARY_SUFFIX = ".tmp";

  private final Path folder;

  /**
   * @param folder where they are; it need not exist yet
   */
  public Checkpoints(Path folder) {
    this.folder = folder;
  }

  /** Writes the files of one checkpoint into an empty folder. */
  @FunctionalInterface
  interface Body {
    void writeTo(Path temporaryFolder) throws IOException;
  }

  /**
   * All complete checkpoints, the oldest first.
   *
   * @throws UserError if the folder cannot be read
   */
  public List<Checkpoint> all() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Checkpoint> found = new ArrayList<>();
    try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
      for (Path child : children) {
        Checkpoint.stepOf(child).ifPresent(step -> found.add(new Checkpoint(child, step)));
      }
    } catch (IOException e) {
      throw UserError.io("list the checkpoints in", folder, e);
    }
    found.removeIf(checkpoint -> !checkpoint.isComplete());
    found.sort(Comparator.comparingLong(Checkpoint::step));
    return found;
  }

  /** The complete checkpoint of the highest step. */
  public Optional<Checkpoint> latest() {
    return all().reversed().stream().findFirst();
  }

  /**
   * Adds a checkpoint, replacing one of the same step, then removes all but the newest.
   *
   * @param state names the step
   * @param keep how many checkpoints stay, this one included; at least 1
   * @throws UserError if it cannot be written; the ones before it are then all still there
   */
  public Checkpoint save(
      List<Parameter> parameters, AdamW optimizer, CheckpointState state, int keep) {
    return save(state.step(), keep, to -> Checkpoint.write(to, parameters, optimizer, state));
  }

  Checkpoint save(long step, int keep, Body body) {
    Path target = folder.resolve(Checkpoint.name(step));
    try {
      Files.createDirectories(folder);
      Path temporary = Files.createDirectory(temporary(target));
      try {
        body.writeTo(temporary);
        if (Files.exists(target)) {
          delete(target);
        }
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      } catch (Throwable failure) {
        try {
          deleteTree(temporary);
        } catch (IOException e) {
          failure.addSuppressed(e);
        }
        throw failure;
      }
      force(folder);
      prune(keep);
    } catch (IOException e) {
      throw UserError.io("write the checkpoint", target, e);
    }
    return new Checkpoint(target, step);
  }

  private void prune(int keep) throws IOException {
    List<Checkpoint> all = all();
    for (Checkpoint old : all.subList(0, Math.max(0, all.size() - Math.max(1, keep)))) {
      delete(old.folder());
    }
  }

  /**
   * Removes what a killed process left: checkpoints half written, and those that a newer one had
   * made superfluous.
   *
   * @param keep how many checkpoints stay; at least 1
   * @throws UserError if that cannot be removed
   */
  public void deleteLeftovers(int keep) {
    deleteHalfWritten();
    try {
      prune(keep);
    } catch (IOException e) {
      throw UserError.io("remove old checkpoints in", folder, e);
    }
  }

  private void deleteHalfWritten() {
    if (!Files.isDirectory(folder)) {
      return;
    }
    String pattern = TEMPORARY_PREFIX + "*" + TEMPORARY_SUFFIX;
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, pattern)) {
      for (Path path : left) {
        deleteTree(path);
      }
    } catch (IOException e) {
      throw UserError.io("clean up", folder, e);
    }
  }

  /**
   * Removes all checkpoints, and the folder if nothing else is in it.
   *
   * @throws UserError if something cannot be removed
   */
  public void deleteAll() {
    deleteHalfWritten();
    try {
      for (Checkpoint checkpoint : all()) {
        delete(checkpoint.folder());
      }
      if (Files.isDirectory(folder) && isEmpty(folder)) {
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw UserError.io("remove the checkpoints in", folder, e);
    }
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.findAny().isEmpty();
    }
  }

  /** Removes a checkpoint so that a kill in between cannot leave a part of it under its name. */
  private static void delete(Path checkpoint) throws IOException {
    Path temporary = temporary(checkpoint);
    Files.move(checkpoint, temporary, StandardCopyOption.ATOMIC_MOVE);
    deleteTree(temporary);
  }

  private static Path temporary(Path checkpoint) {
    return checkpoint.resolveSibling(
        "." + checkpoint.getFileName() + "." + UUID.randomUUID() + TEMPORARY_SUFFIX);
  }

  private static void deleteTree(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** Makes a rename durable. Windows has no such operation and needs none. */
  private static void force(Path folder) throws IOException {
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }
}
