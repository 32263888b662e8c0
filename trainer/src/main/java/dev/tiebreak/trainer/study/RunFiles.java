package dev.tiebreak.trainer.study;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.train.AbortRecord;
import dev.tiebreak.trainer.lab.train.RunFolder;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the run folders of a study hold already. */
final class RunFiles {
  private static final Pattern SEED = Pattern.compile("seed-(-?\\d{1,19})");

  private RunFiles() {}

  /** How far a run has come. */
  enum State {
    /** There is none. */
    MISSING,
    /** It may go on. */
    BEGUN,
    /** It was given up: going on would come to the same. */
    ABORTED,
    /** It is done. */
    COMPLETE
  }

  static State state(Path run) {
    RunFolder folder = RunFolder.view(run);
    if (!Files.exists(folder.manifest())) {
      return State.MISSING;
    }
    if (Files.exists(folder.summary())) {
      return State.COMPLETE;
    }
    return Files.exists(folder.aborted()) ? State.ABORTED : State.BEGUN;
  }

  /** Why a run was given up, in words. */
  static String abortReason(Path run) {
    AbortRecord end = AbortRecord.FORMAT.read(RunFolder.view(run).aborted());
    return Words.of("given up in step %d, %s", end.step(), end.reason());
  }

  /** All runs that have begun, also those that the plan does not have, by name. */
  static List<RunId> begun(StudyFolder folder) {
    List<RunId> begun = new ArrayList<>();
    for (Path arm : children(folder.runs())) {
      for (Path run : children(arm)) {
        Matcher seed = SEED.matcher(run.getFileName().toString());
        if (seed.matches() && state(run) != State.MISSING) {
          begun.add(new RunId(arm.getFileName().toString(), Long.parseLong(seed.group(1))));
        }
      }
    }
    return begun;
  }

  private static List<Path> children(Path folder) {
    List<Path> children = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
        stream.forEach(children::add);
      } catch (IOException e) {
        throw UserError.io("list", folder, e);
      }
    }
    children.sort(null);
    return children;
  }
}
