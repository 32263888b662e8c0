package dev.tiebreak.trainer.results;

import dev.tiebreak.trainer.UserError;
import dev.tiebreak.trainer.study.RunId;
import dev.tiebreak.trainer.train.RunManifest;
import dev.tiebreak.trainer.train.RunSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What one complete training left.
 *
 * @param id of the run
 * @param manifest what it started from
 * @param summary its result
 * @param metrics its log
 * @param examination what its model predicts beyond the loss, if it was examined
 * @param validation the file of each validation token's loss, if there is one
 */
public record RunResult(
    RunId id,
    RunManifest manifest,
    RunSummary summary,
    Metrics metrics,
    Optional<JsonNode> examination,
    Optional<Path> validation) {
  /** The name of the file with an examination, in a run folder. */
  static final String EXAMINATION = "examination.json";

  /** The name of the file with the validation tokens' losses, in a run folder. */
  static final String VALIDATION = "validation.safetensors";

  /**
   * Reads a run folder.
   *
   * @return empty if the run is not complete
   * @throws UserError if a file is damaged
   */
  static Optional<RunResult> read(RunId id, Path folder) {
    Path summary = folder.resolve("summary.json");
    if (!Files.exists(summary)) {
      return Optional.empty();
    }
    Path validation = folder.resolve(VALIDATION);
    return Optional.of(
        new RunResult(
            id,
            RunManifest.load(folder.resolve("manifest.json")),
            RunSummary.load(summary),
            Metrics.read(folder.resolve("metrics.jsonl")),
            examination(folder.resolve(EXAMINATION)),
            Files.exists(validation) ? Optional.of(validation) : Optional.empty()));
  }

  private static Optional<JsonNode> examination(Path file) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(JsonMapper.shared().readTree(Files.readString(file)));
    } catch (IOException e) {
      throw UserError.io("read the examination", file, e);
    } catch (JacksonException e) {
      throw new UserError("the examination " + file + " is damaged; train again", e);
    }
  }

  /** A number of the examination, or NaN. */
  public double examined(String name) {
    return examination.map(json -> json.path(name).asDouble(Double.NaN)).orElse(Double.NaN);
  }

  /** The final validation loss. */
  public double loss() {
    return summary.valLoss();
  }
}
