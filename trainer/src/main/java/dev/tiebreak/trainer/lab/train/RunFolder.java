package dev.tiebreak.trainer.lab.train;

import dev.tiebreak.trainer.lab.checkpoint.Checkpoints;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * Where everything of a run lies. What it contains is listed in the package's description.
 *
 * @param path the folder
 */
public record RunFolder(Path path) {
  private static final String CONFIG = "config.toml";
  private static final String MANIFEST = "manifest.json";
  private static final String TOKENIZER = "tokenizer.json";
  private static final String METRICS = "metrics.jsonl";
  private static final String SUMMARY = "summary.json";
  private static final String EXAMINATION = "examination.json";
  private static final String VALIDATION = "validation.safetensors";
  private static final String ABORTED = "aborted.json";
  private static final String CHECKPOINTS = "checkpoints";

  /** How far a run has come. */
  public enum State {
    /** There is none. */
    MISSING,
    /** It may go on. */
    BEGUN,
    /** It was given up: going on would come to the same. */
    ABORTED,
    /** It is done. */
    COMPLETE
  }

  /** How far the run has come. */
  public State state() {
    if (!Files.exists(manifest())) {
      return State.MISSING;
    }
    if (Files.exists(summary())) {
      return State.COMPLETE;
    }
    return Files.exists(aborted()) ? State.ABORTED : State.BEGUN;
  }

  /** Whether a file of this name in a run's folder is the run's: others are never removed. */
  static boolean isOurs(String name) {
    Set<String> ours =
        Set.of(
            CONFIG,
            MANIFEST,
            TOKENIZER,
            METRICS,
            SUMMARY,
            EXAMINATION,
            VALIDATION,
            ABORTED,
            CHECKPOINTS);
    return ours.contains(name) || (name.startsWith(".") && name.endsWith(".tmp"));
  }

  /** The resolved configuration. */
  public Path config() {
    return path.resolve(CONFIG);
  }

  /** The hashes. */
  public Path manifest() {
    return path.resolve(MANIFEST);
  }

  /** The tokenizer. */
  public Path tokenizer() {
    return path.resolve(TOKENIZER);
  }

  /** One line per logged step and evaluation. */
  public Path metrics() {
    return path.resolve(METRICS);
  }

  /** The result, there once the run is complete. */
  public Path summary() {
    return path.resolve(SUMMARY);
  }

  /** Why the run was given up, there from then on until it is complete. */
  public Path aborted() {
    return path.resolve(ABORTED);
  }

  /** What the model's last evaluation says beyond its loss, there if that was asked for. */
  public Path examination() {
    return path.resolve(EXAMINATION);
  }

  /** Each validation token's loss, there if there is an examination. */
  public Path validation() {
    return path.resolve(VALIDATION);
  }

  /** The checkpoints. */
  public Checkpoints checkpoints() {
    return new Checkpoints(path.resolve(CHECKPOINTS));
  }
}
