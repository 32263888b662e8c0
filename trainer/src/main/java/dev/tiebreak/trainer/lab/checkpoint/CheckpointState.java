package dev.tiebreak.trainer.lab.checkpoint;

import dev.tiebreak.trainer.base.AtomicFiles;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a training run needs besides weights and moments to go on to the same bytes. Random numbers
 * and the data order have no state: they are functions of seed and step.
 *
 * @param step optimizer steps of the run that are in the weights
 * @param optimizerSteps steps that the optimizer counts for its bias correction
 * @param gain the token gain's running statistics; empty if it has none
 * @param configHash hash of the configuration that the run was started with
 */
public record CheckpointState(
    long step, long optimizerSteps, List<Double> gain, String configHash) {
  /** Version of the checkpoint format: this file and the two beside it. */
  public static final int VERSION = 1;

  private static final String FORMAT = "tiebreak-checkpoint";

  /** Copies the list. */
  public CheckpointState {
    gain = List.copyOf(gain);
  }

  void write(Path file) throws IOException {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("format", FORMAT);
    json.put("version", VERSION);
    json.put("step", step);
    json.put("optimizer_steps", optimizerSteps);
    ArrayNode numbers = json.putArray("gain");
    gain.forEach(numbers::add);
    json.put("config_sha256", configHash);
    AtomicFiles.writeString(file, json.toPrettyString() + "\n");
  }

  static CheckpointState read(Path file) {
    try {
      JsonNode json = JsonMapper.shared().readTree(Files.readString(file));
      int version = json.path("version").asInt(-1);
      if (!FORMAT.equals(json.path("format").asString("")) || version != VERSION) {
        throw new UserError(
            Words.of(
                "%s is not a checkpoint of version %d; resume with the version that wrote it",
                file, VERSION));
      }
      List<Double> gain = new ArrayList<>();
      json.required("gain").forEach(number -> gain.add(number.asDouble()));
      return new CheckpointState(
          json.required("step").asLong(),
          json.required("optimizer_steps").asLong(),
          gain,
          json.required("config_sha256").asString());
    } catch (IOException e) {
      throw UserError.io("read the checkpoint", file, e);
    } catch (JacksonException | IllegalArgumentException e) {
      throw new UserError(
          "cannot read " + file + ": it is damaged; delete its folder to use the checkpoint before",
          e);
    }
  }
}
