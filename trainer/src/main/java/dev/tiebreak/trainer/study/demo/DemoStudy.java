package dev.tiebreak.trainer.study.demo;

import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.base.AtomicFiles;
import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.train.HeldRun;
import dev.tiebreak.trainer.lab.train.RunFolder;
import dev.tiebreak.trainer.study.Study;
import dev.tiebreak.trainer.study.StudyFolder;
import dev.tiebreak.trainer.study.StudyPlan;
import dev.tiebreak.trainer.study.StudyTemplate;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The demo's study: the plan of {@link StudyTemplate#DEMO}, with a training that the command line
 * may have changed, which is in a file beside it.
 */
public final class DemoStudy {
  /** The name of the file with the training that all arms share. */
  public static final String BASE = "base.toml";

  private static final String BASE_TABLE = "\n[base]\n";
  private static final String AFTER_BASE = "\n# ---- what readers compare";
  private static final String SEEDS = "seeds = [1, 2]";

  private DemoStudy() {}

  /**
   * Makes the study in a folder, or finds it there as it would be made.
   *
   * @param config what all arms share; its seed is the first of two
   * @param overwrite whether a study of other settings, and all its runs, are thrown away
   * @throws UserError if there is a study of other settings, or something else, or if it cannot be
   *     written
   */
  public static Study make(Path path, TrainConfig config, boolean overwrite) {
    StudyFolder folder = new StudyFolder(path);
    Map<Path, String> files = new LinkedHashMap<>(); // the plan last: a folder that has one has all
    files.put(path.resolve(BASE), config.toToml());
    files.put(folder.prompts(), StudyTemplate.DEMO.prompts());
    files.put(folder.plan(), plan(config.training().seed()));
    try {
      if (Files.exists(folder.plan())) {
        if (overwrite) {
          removeRuns(folder);
        } else {
          requireSame(files, path);
        }
      } else if (Files.isDirectory(path)) {
        requireRoom(path, files);
      }
      Files.createDirectories(path);
      for (Map.Entry<Path, String> file : files.entrySet()) {
        AtomicFiles.writeString(file.getKey(), file.getValue());
      }
    } catch (FileAlreadyExistsException e) {
      throw new UserError(
          path + " is a file, not a folder; choose another", e, Remedy.parameter("run"));
    } catch (IOException e) {
      throw UserError.io("write the demo's study", path, e);
    }
    return Study.open(path);
  }

  private static String plan(long seed) {
    String plan = StudyTemplate.DEMO.plan();
    int base = plan.indexOf(BASE_TABLE);
    int after = plan.indexOf(AFTER_BASE);
    return plan.substring(0, base).replace(SEEDS, Words.of("seeds = [%d, %d]", seed, seed + 1))
        + BASE_TABLE
        + Words.of("extends = \"%s\"     # every key of the training that all arms share\n", BASE)
        + plan.substring(after);
  }

  private static void requireSame(Map<Path, String> files, Path path) throws IOException {
    for (Map.Entry<Path, String> file : files.entrySet()) {
      if (!Files.exists(file.getKey())
          || !Files.readString(file.getKey()).equals(file.getValue())) {
        throw new UserError(
            Words.of(
                "the study in %s has other settings (%s); replace it and its runs, or choose another folder",
                path, file.getKey().getFileName()),
            Remedy.parameter("overwrite"),
            Remedy.parameter("run"));
      }
    }
  }

  /** What a demo that was killed before it had a plan leaves is no obstacle. */
  private static void requireRoom(Path path, Map<Path, String> files) throws IOException {
    try (DirectoryStream<Path> children = Files.newDirectoryStream(path)) {
      for (Path child : children) {
        String name = child.getFileName().toString();
        if (!files.containsKey(child) && !(name.startsWith(".") && name.endsWith(".tmp"))) {
          throw new UserError(
              "the folder " + path + " is not empty and holds no study; choose another",
              Remedy.parameter("run"));
        }
      }
    }
  }

  /** Removes the run folders of a study's plan, unless one is being trained in. */
  private static void removeRuns(StudyFolder folder) throws IOException {
    for (RunId run : StudyPlan.read(folder.plan()).runs()) {
      Path path = folder.run(run);
      if (Files.exists(new RunFolder(path).manifest())) {
        HeldRun.open(path, HeldRun.Mode.OVERWRITE).close(); // refuses one that is in use
        delete(path);
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.walk(folder)) {
      all = files.sorted(Comparator.reverseOrder()).toList(); // children first
    }
    for (Path file : all) {
      Files.delete(file);
    }
  }
}
