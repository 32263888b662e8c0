package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.lab.train.PreparedText;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option that says where encoded texts are kept, for every command that reads a text. */
final class CacheOption {
  @Option(
      names = "--cache",
      paramLabel = "<folder>",
      description = "Where encoded texts are kept for later runs; by default in your cache folder.")
  private Path folder;

  /** The folder, if one was named. */
  Optional<Path> named() {
    return Optional.ofNullable(folder);
  }

  /** The folder named, or the user's own. */
  Path folder() {
    return folder == null ? PreparedText.userCache() : folder;
  }
}
