package dev.tiebreak.trainer.lab.data;

import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.UserError;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;

/**
 * A folder of texts. Links are followed; one that leads back to a folder above it has nothing new.
 *
 * @param texts the files whose names say that they are texts, in the order of their paths
 * @param others the names of all other files but those that begin with a dot
 */
record TextFolder(List<Document> texts, List<String> others) {
  /**
   * Looks through a folder and all below it.
   *
   * @throws UserError if a folder cannot be read, or a text is a link to nothing
   */
  static TextFolder of(Path folder) {
    List<Path> found = new ArrayList<>();
    try {
      EnumSet<FileVisitOption> links = EnumSet.of(FileVisitOption.FOLLOW_LINKS);
      Files.walkFileTree(folder, links, Integer.MAX_VALUE, new Visitor(folder, found));
    } catch (IOException e) {
      throw UserError.io("list the folder", folder, e);
    }
    found.sort(Comparator.comparing(file -> unixPath(folder, file)));
    List<Document> texts = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (Path file : found) {
      if (isText(file)) {
        Check.user(
            Files.isRegularFile(file),
            "the text %s is no file: a link to nothing, or a device; mend it or take it away",
            file);
        texts.add(Document.ofFile(file));
      } else {
        others.add(unixPath(folder, file));
      }
    }
    return new TextFolder(texts, others);
  }

  private static boolean isText(Path file) {
    return file.getFileName().toString().matches("(?i).*\\.(txt|text|md)(\\.gz)?");
  }

  private static String unixPath(Path folder, Path file) {
    return folder.relativize(file).toString().replace('\\', '/');
  }

  /** Collects what is not hidden. */
  private static final class Visitor extends SimpleFileVisitor<Path> {
    private final Path folder;
    private final List<Path> found;

    Visitor(Path folder, List<Path> found) {
      this.folder = folder;
      this.found = found;
    }

    private boolean isHidden(Path path) {
      return !path.equals(folder) && path.getFileName().toString().startsWith(".");
    }

    @Override
    public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
      return isHidden(path) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (!isHidden(file)) {
        found.add(file);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path path, IOException cause) throws IOException {
      if (cause instanceof FileSystemLoopException || isHidden(path)) {
        return FileVisitResult.CONTINUE;
      }
      throw cause;
    }
  }
}
