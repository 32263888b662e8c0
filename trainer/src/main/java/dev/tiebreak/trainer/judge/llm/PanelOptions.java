package dev.tiebreak.trainer.judge.llm;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * How the panel is asked.
 *
 * @param budget what may be spent in all, earlier runs included; empty for no limit
 * @param environment from names of environment variables to their values, or null
 * @param pause waits before a request is tried again
 * @param replied is run after each reply
 */
public record PanelOptions(
    Optional<BigDecimal> budget, UnaryOperator<String> environment, Pause pause, Runnable replied) {

  @FunctionalInterface
  public interface Pause {
    /**
     * Returns after some time, or as soon as nothing more is to be asked.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    void await(Duration time) throws InterruptedException;
  }
}
