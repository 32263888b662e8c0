package dev.tiebreak.trainer.config;

/**
 * {@code [logging]}: the metrics file.
 *
 * @param every steps from one line of {@code metrics.jsonl} to the next
 */
public record LoggingConfig(int every) {

  /** Checks every value. */
  public LoggingConfig {
    Check.atLeast(1, "logging.every", every);
  }
}
