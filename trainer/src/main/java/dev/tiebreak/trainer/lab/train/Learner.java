package dev.tiebreak.trainer.lab.train;

import dev.tiebreak.losses.Shaping;
import dev.tiebreak.nn.AdamW;
import dev.tiebreak.nn.Gpt;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.lab.checkpoint.Checkpoint;
import dev.tiebreak.trainer.lab.checkpoint.CheckpointState;
import dev.tiebreak.trainer.lab.checkpoint.Checkpoints;
import java.util.Arrays;

/**
 * Everything that changes from step to step, and so everything that a checkpoint holds.
 *
 * @param model with its weights
 * @param optimizer with its moments
 * @param shaping of losses and gradients, with its running statistics
 */
record Learner(Gpt model, AdamW optimizer, Shaping shaping) {

  Checkpoint save(Checkpoints checkpoints, long step, String configHash, int keep) {
    CheckpointState state =
        new CheckpointState(
            step, optimizer.steps(), Arrays.stream(shaping.state()).boxed().toList(), configHash);
    return checkpoints.save(model.parameters(), optimizer, state, keep);
  }

  void restore(Checkpoint checkpoint) {
    CheckpointState state = checkpoint.state();
    checkpoint.readWeights(model.parameters());
    checkpoint.readOptimizer(model.parameters(), optimizer);
    try {
      shaping.restore(state.gain().stream().mapToDouble(Double::doubleValue).toArray());
    } catch (IllegalArgumentException e) {
      throw new UserError(
          "cannot resume from "
              + checkpoint.folder()
              + ": it is of another gain: "
              + e.getMessage(),
          e);
    }
  }
}
