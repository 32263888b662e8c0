package dev.tiebreak.trainer.lab.checkpoint;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tiebreak.trainer.base.Artifact;
import java.util.List;

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
    long step,
    long optimizerSteps,
    List<Double> gain,
    @JsonProperty("config_sha256") String configHash) {
  /** The file; its version is that of the two files beside it too. */
  static final Artifact<CheckpointState> FORMAT =
      Artifact.of(
              CheckpointState.class,
              "the checkpoint's state",
              "delete its folder to use the checkpoint before")
          .version("tiebreak-checkpoint", 1);

  public CheckpointState {
    gain = List.copyOf(gain);
  }
}
