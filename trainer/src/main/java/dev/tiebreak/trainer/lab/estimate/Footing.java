package dev.tiebreak.trainer.lab.estimate;

import dev.tiebreak.tensor.Bump;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.trainer.lab.config.TrainConfig;

/**
 * What a plan of memory stands on: the device's way to lay out tensors, and the sizes of numbers.
 *
 * @param gpu whether the memory is a GPU's
 * @param dtype what activations and multiplied weights are made of
 * @param threads of the processor, each of which has scratch memory of its own
 */
public record Footing(boolean gpu, DType dtype, int threads) {
  /** Where a training computes on this machine's number of threads, or on a GPU. */
  public static Footing of(TrainConfig config, boolean gpu) {
    return new Footing(
        gpu,
        gpu ? config.training().precision().dtype() : DType.F32,
        config.training().threadCount());
  }

  /** Bytes of an activation. */
  int bytes() {
    return dtype.bytes();
  }

  /** Bytes of a sum, a statistic, a loss, a gradient of a weight. */
  int wideBytes() {
    return dtype.wide().bytes();
  }

  /** An empty scope that takes nothing from anybody. */
  Bump<Object> newScope() {
    return new Bump<>(gpu ? Bump.Layout.DEVICE : Bump.Layout.HOST, _ -> "planned");
  }
}
