package dev.tiebreak.trainer.lab.train;

import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.config.ConfigBuilder;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;

/** What a run that goes on is trained with: its own configuration, which nothing can change. */
public final class Resumption {
  private Resumption() {}

  /**
   * The configuration file of a run that is to go on.
   *
   * @throws UserError if there is no run
   */
  public static Path file(Path run) {
    Path file = new RunFolder(run).config();
    if (!Files.exists(file)) {
      throw HeldRun.nothingToResume(run);
    }
    return file;
  }

  /**
   * Checks that what is asked for is what the run was begun with.
   *
   * @throws UserError naming the first key that is not
   */
  public static void requireSame(Path run, TrainConfig asked) {
    TrainConfig begun = ConfigBuilder.read(file(run));
    if (!asked.equals(begun)) {
      throw new UserError(
          Words.of(
              "cannot resume %s with other settings: %s; leave that out, or train anew, over it or in another folder",
              run, firstDifference(begun, asked)),
          Remedy.parameter("overwrite"),
          Remedy.parameter("run"));
    }
  }

  private static String firstDifference(TrainConfig begun, TrainConfig asked) {
    String section = "";
    Iterator<String> others = asked.toToml().lines().iterator();
    for (String line : begun.toToml().lines().toList()) {
      String other = others.next();
      if (line.startsWith("[")) {
        section = line.substring(1, line.length() - 1);
      } else if (!line.equals(other)) {
        return "it has " + section + "." + line + ", asked for is " + section + "." + other;
      }
    }
    throw new AssertionError("unequal configurations differ in a line");
  }
}
