package dev.tiebreak.trainer.lab.config;

import dev.tiebreak.tensor.Backend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.trainer.base.toml.KeyCheck;

/**
 * {@code [training]}: how long, how much at a time, from which seed.
 *
 * @param steps optimizer steps
 * @param batch sequences in one micro-batch
 * @param accumulation micro-batches whose gradients are averaged before a step
 * @param seed fixes the initial weights, the order of the data and dropout
 * @param threads threads that compute; 0 uses every processor
 * @param precision what activations and the weights they are multiplied with are made of
 */
public record TrainingConfig(
    int steps, int batch, int accumulation, long seed, int threads, Precision precision) {

  /** The number formats that training knows. */
  public enum Precision {
    /** Everything in 32-bit floating point. */
    F32(DType.F32),
    /** bfloat16 with sums, gradients and the weights that are trained in F32; a GPU is needed. */
    BF16(DType.BF16);

    private final DType dtype;

    Precision(DType dtype) {
      this.dtype = dtype;
    }

    public DType dtype() {
      return dtype;
    }

    /** The element type where a backend computes with it, else the wider one that it does. */
    public DType on(Backend backend) {
      return backend.computes(dtype) ? dtype : dtype.wide();
    }
  }

  public TrainingConfig {
    KeyCheck.atLeast(1, "training.steps", steps);
    KeyCheck.atLeast(1, "training.batch", batch);
    KeyCheck.atLeast(1, "training.accumulation", accumulation);
    KeyCheck.between(0, 1024, "training.threads", threads);
  }

  /** The number of threads on this machine: the number asked for, or every processor. */
  public int threadCount() {
    return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
  }
}
