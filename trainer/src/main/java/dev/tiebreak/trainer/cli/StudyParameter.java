package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.base.Shell;
import dev.tiebreak.trainer.study.Study;
import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/** The folder of a study, for every command that works on one. */
final class StudyParameter {
  @Parameters(index = "0", paramLabel = "<study>", description = "The folder of the study.")
  private Path path;

  /** The folder. */
  Path path() {
    return path;
  }

  /** The study, which must be as it was registered if it was. */
  Study open() {
    return Study.open(path);
  }

  /** A command line about this study, to be copied. */
  String command(String name) {
    return "tiebreak study " + name + " " + Shell.word(path);
  }
}
