package dev.tiebreak.losses;

import dev.tiebreak.nn.Gpt;
import dev.tiebreak.tensor.Tensor;

/**
 * What a model said of one micro-batch, and what was right.
 *
 * @param logits (B, T, V); what a gain makes of them runs backwards before their cross-entropy, so
 *     that may write its gradient over them
 * @param losses cross-entropy in nats (B, T), 0 where the target is ignored
 * @param targets (B, T), with ignored ones marked
 * @param step the optimizer step, from 0
 * @param microBatch the number of the micro-batch, from 0, counted through all steps
 */
public record Prediction(Tensor logits, Tensor losses, Tensor targets, long step, long microBatch) {

  /** Runs the model forwards. */
  public static Prediction of(
      Gpt model, Tensor inputs, Tensor targets, long step, long microBatch) {
    Tensor logits = model.logits(inputs);
    return new Prediction(logits, logits.crossEntropyInPlace(targets), targets, step, microBatch);
  }
}
