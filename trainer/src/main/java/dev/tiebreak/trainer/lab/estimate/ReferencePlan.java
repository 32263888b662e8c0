package dev.tiebreak.trainer.lab.estimate;

import dev.tiebreak.nn.GptConfig;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.trainer.lab.config.TrainConfig;

/**
 * The reference model of a token gain: its shape, and the types that it computes in.
 *
 * @param gpt as it was trained
 * @param footing the training's device with the reference's precision
 */
record ReferencePlan(GptConfig gpt, Footing footing) {
  /**
   * From the configuration in the reference's folder.
   *
   * @param trained the model to be trained, which has the same vocabulary
   */
  static ReferencePlan of(TrainConfig config, GptConfig trained, Footing footing) {
    TrainConfig reference = config.gain().referenceConfig();
    DType dtype = footing.gpu() ? reference.training().precision().dtype() : footing.dtype();
    return new ReferencePlan(
        reference.model().gpt(trained.vocabulary()),
        new Footing(footing.gpu(), dtype, footing.threads()));
  }
}
