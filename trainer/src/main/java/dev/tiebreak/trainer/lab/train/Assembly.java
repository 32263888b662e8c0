package dev.tiebreak.trainer.lab.train;

import dev.tiebreak.losses.Shaping;
import dev.tiebreak.nn.AdamW;
import dev.tiebreak.nn.Gpt;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.data.Batches;
import dev.tiebreak.trainer.lab.data.Evaluation;
import dev.tiebreak.trainer.lab.data.TokenBatch;
import dev.tiebreak.trainer.lab.examine.Examiner;

/**
 * All that computes in a training. Made in one place and order, so that a {@link Rehearsal} takes
 * the memory of the training itself.
 */
record Assembly(Learner learner, TrainStep step, Evaluator evaluator, Examiner examiner) {
  /**
   * Makes a model with its initial weights and what trains and measures it.
   *
   * @param vocabulary tokens of the tokenizer, without padding
   * @param kept for what lives as long as the training
   * @param steps for the results of one step
   * @param reference the model that the gain compares with; null if it compares with none
   */
  static Assembly of(
      TrainConfig config,
      int vocabulary,
      Scope kept,
      Scope steps,
      Gpt reference,
      Batches batches,
      Evaluation evaluation) {
    Gpt model = LoadedModel.initial(config, vocabulary, kept);
    AdamW optimizer = new AdamW(model.parameters(), kept, config.optimizer().adamW());
    long seed = config.training().seed();
    Shaping shaping =
        Shaping.of(config.gain(), config.layerScaling(), model, optimizer, seed, reference);
    Learner learner = new Learner(model, optimizer, shaping);
    TokenBatch tokens = new TokenBatch(kept, batches.batch(), batches.sequence());
    return new Assembly(
        learner,
        new TrainStep(config, learner, batches, steps, tokens),
        new Evaluator(model, evaluation, steps, tokens),
        new Examiner(model, evaluation, batches.data(), steps, tokens));
  }
}
