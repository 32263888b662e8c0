package dev.tiebreak.trainer.study;

import dev.tiebreak.trainer.ballot.pairs.PairsManifest;
import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.train.RunFolder;
import dev.tiebreak.trainer.lab.train.RunFolder.State;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where everything of a study lies. */
public record StudyFolder(Path path) {
  /** The name of the plan's file. */
  public static final String PLAN = "study.toml";

  private static final Pattern SEED = Pattern.compile("seed-(-?\\d{1,19})");

  /**
   * The folder of a study that is there.
   *
   * @throws UserError if it holds no plan
   */
  public static StudyFolder open(Path path) {
    StudyFolder folder = new StudyFolder(path);
    if (!Files.isRegularFile(folder.plan())) {
      throw new UserError(
          Words.of("there is no study in %s (no %s); make one first", path, PLAN),
          Remedy.step(Remedy.Kind.INIT, path));
    }
    return folder;
  }

  /** The plan, which people edit. */
  public Path plan() {
    return path.resolve(PLAN);
  }

  /** The prompts' file, as the plan names it. */
  public Path prompts(StudyPlan plan) {
    return path.resolve(plan.prompts().file());
  }

  /** The prompts' file, as {@code study init} names it. */
  public Path prompts() {
    return path.resolve("prompts.jsonl");
  }

  /** Hashes of everything, once the plan is registered. */
  public Path registration() {
    return path.resolve("registration.json");
  }

  /** Copies of the plans that were registered. */
  public Path registered() {
    return path.resolve("registered");
  }

  /** When the study was run without a registration; absent if it never was. */
  public Path exploration() {
    return path.resolve("exploratory.jsonl");
  }

  /** All runs, a folder for each arm. */
  public Path runs() {
    return path.resolve("runs");
  }

  /** The folder of one run. */
  public Path run(RunId run) {
    return runs().resolve(run.arm()).resolve("seed-" + run.seed());
  }

  /** What judges see. */
  public Path pairs() {
    return path.resolve("pairs.jsonl");
  }

  /** Which text of a pair is whose; sealed until judging ends. */
  public Path key() {
    return path.resolve("key.jsonl");
  }

  /** Hashes of pairs and key. */
  public Path pairsManifest() {
    return path.resolve(PairsManifest.NAME);
  }

  /** The validation losses compared, for programs. */
  public Path losses() {
    return path.resolve("losses.json");
  }

  /** The validation losses compared, as a table. */
  public Path lossesTable() {
    return path.resolve("losses.csv");
  }

  /** The validation losses compared, drawn. */
  public Path lossesFigure() {
    return path.resolve("losses.svg");
  }

  /** The results in words and tables. */
  public Path summary() {
    return path.resolve("summary.md");
  }

  /** The figures of the summary. */
  public Path figures() {
    return path.resolve("figures");
  }

  /** All runs that have begun, also those that the plan does not have, by name. */
  public List<RunId> begunRuns() {
    List<RunId> begun = new ArrayList<>();
    for (Path arm : children(runs())) {
      for (Path run : children(arm)) {
        Matcher seed = SEED.matcher(run.getFileName().toString());
        if (seed.matches() && new RunFolder(run).state() != State.MISSING) {
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
