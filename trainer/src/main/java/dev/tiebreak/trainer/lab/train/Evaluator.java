package dev.tiebreak.trainer.lab.train;

import dev.tiebreak.nn.Gpt;
import dev.tiebreak.tensor.Readback;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.trainer.lab.data.Evaluation;
import dev.tiebreak.trainer.lab.data.TokenBatch;
import java.util.ArrayList;
import java.util.List;

/**
 * The validation loss: plain cross-entropy over fixed batches, whatever the arm, without dropout
 * and without recording.
 */
record Evaluator(Gpt model, Evaluation evaluation, Scope stepScope, TokenBatch batch) {
  /** The mean over all batches, in nats per token. */
  double loss() {
    List<Readback> losses = new ArrayList<>();
    for (int i = 0; i < evaluation.batches(); i++) {
      losses.add(startLoss(i));
    }
    return losses.stream().mapToDouble(loss -> loss.values()[0]).reduce(0, Double::sum)
        / evaluation.batches();
  }

  /** The loss on the first batch only: whether the weights are of any use. */
  double probe() {
    return startLoss(0).values()[0];
  }

  private Readback startLoss(int number) {
    batch.fill((inputs, targets) -> evaluation.fill(number, inputs, targets));
    try (Tape _ = Tape.inference(stepScope)) {
      return Readback.of(model.losses(batch.inputs(), batch.targets()).mean());
    }
  }
}
