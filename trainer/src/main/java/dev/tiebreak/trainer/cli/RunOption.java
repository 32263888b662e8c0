package dev.tiebreak.trainer.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option that names a run folder, for every command that reads or writes one. */
final class RunOption {
  @Option(
      names = "--run",
      paramLabel = "<folder>",
      description = "The folder of the run, such as runs/quick.")
  private Path folder;

  /** The folder, if one was named. */
  public Optional<Path> folder() {
    return Optional.ofNullable(folder);
  }
}
