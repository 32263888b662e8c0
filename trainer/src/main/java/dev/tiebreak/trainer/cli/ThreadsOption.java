package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.base.Check;
import picocli.CommandLine.Option;

/** The option that says how many threads compute, for commands without a configuration. */
final class ThreadsOption {
  @Option(
      names = "--threads",
      paramLabel = "<n>",
      defaultValue = "0",
      description = "Threads that compute; 0 uses every processor (default: ${DEFAULT-VALUE}).")
  private int threads;

  /** How many, at least 1. */
  int count() {
    Check.parameter(threads >= 0, "threads", threads, "a whole number, 0 or more");
    return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
  }
}
