package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.device.Device;
import dev.tiebreak.trainer.lab.estimate.Estimate;
import java.util.OptionalLong;
import java.util.function.IntToLongFunction;

/** Compares what a training will need with what the device has, before anything is allocated. */
final class MemoryCheck {
  private MemoryCheck() {}

  /**
   * Refuses a training that cannot fit.
   *
   * @param vocabulary number of token ids
   * @return what it costs
   * @throws UserError if it needs more than the whole memory of the machine or of the GPU
   */
  static Estimate requireRoom(TrainConfig config, int vocabulary, Device device) {
    return requireRoom(config, vocabulary, device, 1);
  }

  /** The same for so many trainings at once. */
  static Estimate requireRoom(TrainConfig config, int vocabulary, Device device, int trainings) {
    Estimate estimate = Estimate.of(config, vocabulary, device);
    if (trainings > 1) {
      requireTogether(estimate.memory().total(), trainings);
    }
    requireRoom(
        batch ->
            batch == config.training().batch()
                ? estimate.memory().total()
                : Estimate.of(config.withBatch(batch), vocabulary, device).memory().total(),
        config.training().batch(),
        available(device),
        device.isGpu() ? "the GPU" : "the machine");
    return estimate;
  }

  private static void requireTogether(long each, int trainings) {
    OptionalLong total = MemoryInfo.current().total();
    if (total.isPresent() && each * trainings > total.getAsLong()) {
      throw new UserError(
          Words.of(
              "%d trainings at once need %s of memory, %s each, and the machine has %s; use a smaller --parallel, at most %d fit",
              trainings,
              Bytes.of(each * trainings),
              Bytes.of(each),
              Bytes.of(total.getAsLong()),
              Math.max(1, total.getAsLong() / each)));
    }
  }

  /** The whole memory of the machine, or of the GPU. */
  static OptionalLong available(Device device) {
    return device.isGpu() ? device.memory() : MemoryInfo.current().total();
  }

  /**
   * The same for any plan.
   *
   * @param needed bytes for a micro-batch of so many sequences
   * @param who has the memory
   */
  static void requireRoom(IntToLongFunction needed, int batch, OptionalLong total, String who) {
    if (total.isEmpty() || needed.applyAsLong(batch) <= total.getAsLong()) {
      return;
    }
    int fitting = largest(needed, batch, total.getAsLong());
    String remedy =
        fitting == 0
            ? "not even training.batch=1 fits: choose a smaller model or a shorter"
                + " model.sequence_length"
            : Words.of(
                "the largest that fits is training.batch=%d; raise training.accumulation for the same step",
                fitting);
    throw new UserError(
        Words.of(
            "this training needs %s of memory with training.batch=%d and %s has %s; %s (tiebreak estimate shows the parts)",
            Bytes.of(needed.applyAsLong(batch)), batch, who, Bytes.of(total.getAsLong()), remedy));
  }

  /** The largest batch below {@code tooLarge} that fits, or 0. */
  private static int largest(IntToLongFunction needed, int tooLarge, long total) {
    int fits = 0;
    int fails = tooLarge;
    while (fails - fits > 1) {
      int middle = fits + (fails - fits) / 2;
      if (needed.applyAsLong(middle) <= total) {
        fits = middle;
      } else {
        fails = middle;
      }
    }
    return fits;
  }
}
