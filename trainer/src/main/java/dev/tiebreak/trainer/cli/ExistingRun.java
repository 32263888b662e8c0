package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.lab.train.HeldRun.Mode;
import picocli.CommandLine.Option;

/** The options that say what to do with a run that is there already: one of the two. */
final class ExistingRun {
  @Option(names = "--resume", description = "Go on with the run in the folder.")
  private boolean resume;

  @Option(names = "--overwrite", description = "Replace the run in the folder.")
  private boolean overwrite;

  Mode mode() {
    if (resume) {
      return Mode.RESUME;
    }
    return overwrite ? Mode.OVERWRITE : Mode.NEW;
  }
}
