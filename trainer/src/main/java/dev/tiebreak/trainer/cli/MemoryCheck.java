package dev.tiebreak.trainer.cli;

import dev.tiebreak.trainer.UserError;
import dev.tiebreak.trainer.config.TrainConfig;
import dev.tiebreak.trainer.estimate.Estimate;
import java.util.OptionalLong;

/** Compares what a training will need with what the machine has, before anything is allocated. */
final class MemoryCheck {
  private MemoryCheck() {}

  /**
   * Refuses a training that cannot fit.
   *
   * @param vocabulary number of token ids
   * @throws UserError if the plan is larger than the machine's whole memory
   */
  static void requireRoom(TrainConfig config, int vocabulary) {
    requireRoom(Estimate.of(config, vocabulary).memory().total(), MemoryInfo.current().total());
  }

  static void requireRoom(long needed, OptionalLong total) {
    if (total.isPresent() && needed > total.getAsLong()) {
      throw new UserError(
          "this training needs %s of memory and the machine has %s; lower training.batch and raise training.accumulation, or choose a smaller model (tiebreak estimate shows the parts)"
              .formatted(Bytes.of(needed), Bytes.of(total.getAsLong())));
    }
  }
}
