package dev.tiebreak.trainer.lab.estimate;

import dev.tiebreak.trainer.base.Quantities;
import dev.tiebreak.trainer.base.Remedy;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.device.Device;
import dev.tiebreak.trainer.lab.device.Parallelism;
import java.util.OptionalLong;
import java.util.function.IntToLongFunction;

/** Compares what a training will need with what the device has, before anything is allocated. */
public final class Room {
  private Room() {}

  /**
   * Refuses trainings that cannot fit.
   *
   * @param vocabulary number of token ids
   * @param trainings at once
   * @return what each costs
   * @throws UserError if they need more than the whole memory of the machine or of the GPU
   */
  public static Estimate require(TrainConfig config, int vocabulary, Device device, int trainings) {
    Estimate estimate = Estimate.of(config, vocabulary, device);
    if (trainings > 1) {
      requireTogether(estimate.memory().total(), trainings, device.totalMemory());
    }
    require(
        batch ->
            batch == config.training().batch()
                ? estimate.memory().total()
                : Estimate.of(config.withBatch(batch), vocabulary, device).memory().total(),
        config.training().batch(),
        device.totalMemory(),
        device.isGpu() ? "the GPU" : "the machine");
    return estimate;
  }

  /** The same for as many trainings at once as these. */
  public static void require(TrainConfig config, int vocabulary, Parallelism parallelism) {
    require(config, vocabulary, parallelism.device(), parallelism.atOnce());
  }

  private static void requireTogether(long each, int trainings, OptionalLong total) {
    if (total.isPresent() && each * trainings > total.getAsLong()) {
      throw new UserError(
          Words.of(
              "%d trainings at once need %s of memory, %s each, and the machine has %s; at most %d fit",
              trainings,
              Quantities.bytes(each * trainings),
              Quantities.bytes(each),
              Quantities.bytes(total.getAsLong()),
              Math.max(1, total.getAsLong() / each)),
          Remedy.parameter("parallel"));
    }
  }

  /**
   * The same for any plan.
   *
   * @param needed bytes for a micro-batch of so many sequences
   * @param who has the memory
   */
  static void require(IntToLongFunction needed, int batch, OptionalLong total, String who) {
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
            "this training needs %s of memory with training.batch=%d and %s has %s; %s; an estimate shows the parts",
            Quantities.bytes(needed.applyAsLong(batch)),
            batch,
            who,
            Quantities.bytes(total.getAsLong()),
            remedy),
        Remedy.step(Remedy.Kind.ESTIMATE));
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
