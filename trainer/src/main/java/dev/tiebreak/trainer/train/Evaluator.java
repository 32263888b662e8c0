package dev.tiebreak.trainer.train;

import dev.tiebreak.nn.Gpt;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.trainer.data.Evaluation;

/**
 * The validation loss: plain cross-entropy over fixed batches, whatever the arm, without dropout
 * and without recording.
 */
final class Evaluator {
  private final Gpt model;
  private final Evaluation evaluation;
  private final Scope stepScope;
  private final Tensor tokens; // (B, T)
  private final Tensor targets; // (B, T)

  Evaluator(Gpt model, Evaluation evaluation, Scope stepScope, Tensor tokens, Tensor targets) {
    this.model = model;
    this.evaluation = evaluation;
    this.stepScope = stepScope;
    this.tokens = tokens;
    this.targets = targets;
  }

  /** The mean over all batches, in nats per token. */
  double loss() {
    double sum = 0;
    for (int batch = 0; batch < evaluation.batches(); batch++) {
      sum += loss(batch);
    }
    return sum / evaluation.batches();
  }

  /** The loss on the first batch only: whether the weights are of any use. */
  double probe() {
    return loss(0);
  }

  private double loss(int batch) {
    evaluation.fill(batch, tokens.data(), targets.data());
    try (Tape _ = Tape.inference(stepScope)) {
      return model.losses(tokens, targets).mean().item();
    }
  }
}
