package dev.tiebreak.trainer.config;

/**
 * {@code [training]}: how long, how much at a time, from which seed.
 *
 * @param steps optimizer steps
 * @param batch sequences in one micro-batch
 * @param accumulation micro-batches whose gradients are averaged before a step
 * @param seed fixes the initial weights, the order of the data and dropout
 * @param threads threads that compute; 0 uses every processor
 */
public record TrainingConfig(int steps, int batch, int accumulation, long seed, int threads) {

  /** Checks every value. */
  public TrainingConfig {
    Check.atLeast(1, "training.steps", steps);
    Check.atLeast(1, "training.batch", batch);
    Check.atLeast(1, "training.accumulation", accumulation);
    Check.between(0, 1024, "training.threads", threads);
  }

  /** The number of threads on this machine: the number asked for, or every processor. */
  public int threadCount() {
    return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
  }
}
