package dev.tiebreak.trainer.lab.train;

import dev.tiebreak.trainer.base.AtomicFiles;
import dev.tiebreak.trainer.base.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code summary.json}: the result of a run.
 *
 * @param arm which shapings of the training signal are on
 * @param steps optimizer steps done
 * @param tokens that the run has learned from
 * @param parameters number of weights
 * @param valLoss the last validation loss: plain cross-entropy in nats per token
 * @param bestValLoss the lowest
 * @param bestStep where it was
 * @param weightsHash SHA-256 of the bytes of all weights at the end
 * @param tokensPerSecond median over the logged steps
 * @param seconds of training, evaluations and checkpoints included
 */
public record RunSummary(
    String arm,
    long steps,
    long tokens,
    long parameters,
    double valLoss,
    double bestValLoss,
    long bestStep,
    String weightsHash,
    double tokensPerSecond,
    double seconds) {

  /** The JSON form: indented, ending in a newline. */
  public String toJson() {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("arm", arm);
    json.put("steps", steps);
    json.put("tokens", tokens);
    json.put("parameters", parameters);
    json.put("val_loss", valLoss);
    json.put("best_val_loss", bestValLoss);
    json.put("best_step", bestStep);
    json.put("weights_sha256", weightsHash);
    json.putObject("timing").put("tokens_per_second", tokensPerSecond).put("seconds", seconds);
    return json.toPrettyString() + "\n";
  }

  void write(Path file) throws IOException {
    AtomicFiles.writeString(file, toJson());
  }

  /**
   * Reads a summary.
   *
   * @throws UserError if the file is missing or damaged
   */
  public static RunSummary load(Path file) {
    try {
      JsonNode json = JsonMapper.shared().readTree(Files.readString(file));
      JsonNode timing = json.required("timing");
      return new RunSummary(
          json.required("arm").asString(),
          json.required("steps").asLong(),
          json.required("tokens").asLong(),
          json.required("parameters").asLong(),
          json.required("val_loss").asDouble(),
          json.required("best_val_loss").asDouble(),
          json.required("best_step").asLong(),
          json.required("weights_sha256").asString(),
          timing.required("tokens_per_second").asDouble(),
          timing.required("seconds").asDouble());
    } catch (IOException e) {
      throw UserError.io("read the run's summary", file, e);
    } catch (JacksonException | IllegalArgumentException e) {
      throw new UserError("the run's summary " + file + " is damaged; train again", e);
    }
  }
}
