package dev.tiebreak.trainer.lab.config;

import dev.tiebreak.trainer.base.toml.KeyCheck;

/**
 * {@code [logging]}: the metrics file.
 *
 * @param every steps from one line of {@code metrics.jsonl} to the next
 * @param gradientCosineEvery the logged steps of which the gradient is compared with that of plain
 *     cross-entropy are the multiples of this; 0 for none
 */
public record LoggingConfig(int every, int gradientCosineEvery) {

  public LoggingConfig {
    KeyCheck.atLeast(1, "logging.every", every);
    KeyCheck.atLeast(0, "logging.gradient_cosine_every", gradientCosineEvery);
  }
}
