package dev.tiebreak.trainer.lab.train;

import dev.tiebreak.trainer.lab.checkpoint.Checkpoints;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where everything of a run lies. What it contains is listed in the package's description.
 *
 * @param path the folder
 */
public record RunFolder(Path path) {
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

  public State state() {
    if (!Files.exists(manifest())) {
      return State.MISSING;
    }
    if (Files.exists(summary())) {
      return State.COMPLETE;
    }
    return Files.exists(aborted()) ? State.ABORTED : State.BEGUN;
  }

  /** What a run begins without, its manifest first: a folder that has none holds no run. */
  List<Path> results() {
    return List.of(manifest(), summary(), aborted(), examination(), validation(), metrics());
  }

  /** Whether a file in the folder is the run's: others are never removed. */
  boolean isOurs(Path file) {
    String name = file.getFileName().toString();
    return (name.startsWith(".") && name.endsWith(".tmp"))
        || results().contains(file)
        || List.of(config(), tokenizer(), checkpointFolder()).contains(file);
  }

  /** The resolved configuration. */
  public Path config() {
    return path.resolve("config.toml");
  }

  /** The hashes. */
  public Path manifest() {
    return path.resolve("manifest.json");
  }

  public Path tokenizer() {
    return path.resolve("tokenizer.json");
  }

  /** One line per logged step and evaluation. */
  public Path metrics() {
    return path.resolve("metrics.jsonl");
  }

  /** The result, there once the run is complete. */
  public Path summary() {
    return path.resolve("summary.json");
  }

  /** Why the run was given up, there from then on until it is complete. */
  public Path aborted() {
    return path.resolve("aborted.json");
  }

  /** What the model's last evaluation says beyond its loss, there if that was asked for. */
  public Path examination() {
    return path.resolve("examination.json");
  }

  /** Each validation token's loss, there if there is an examination. */
  public Path validation() {
    return path.resolve("validation.safetensors");
  }

  public Checkpoints checkpoints() {
    return new Checkpoints(checkpointFolder());
  }

  private Path checkpointFolder() {
    return path.resolve("checkpoints");
  }
}
