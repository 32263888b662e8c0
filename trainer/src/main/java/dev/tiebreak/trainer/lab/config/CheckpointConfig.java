package dev.tiebreak.trainer.lab.config;

import dev.tiebreak.trainer.base.toml.KeyCheck;

/**
 * {@code [checkpoint]}: what is kept to resume from. There is always one after the last step.
 *
 * @param every steps from one checkpoint to the next; 0 writes only the last
 * @param keep how many of the newest checkpoints stay
 */
public record CheckpointConfig(int every, int keep) {

  public CheckpointConfig {
    KeyCheck.atLeast(0, "checkpoint.every", every);
    KeyCheck.atLeast(1, "checkpoint.keep", keep);
  }
}
