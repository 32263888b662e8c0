package dev.tiebreak.trainer.lab.examine;

import dev.tiebreak.nn.Gpt;
import dev.tiebreak.tensor.Backend;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.trainer.lab.data.Evaluation;
import dev.tiebreak.trainer.lab.data.TokenBatch;

/**
 * A model run once over all evaluation batches, without recording.
 *
 * @param model to run
 * @param evaluation which tokens
 * @param stepScope for the results of one batch at a time
 * @param batch for its tokens
 */
record EvaluationPass(Gpt model, Evaluation evaluation, Scope stepScope, TokenBatch batch) {

  /** What is done with each batch. */
  interface Body {
    /**
     * Handles one batch; its tensors end with it.
     *
     * @param number in [0, batches)
     * @param logits (B, T, V)
     * @param batch the tokens, (B, T)
     */
    void accept(int number, Tensor logits, TokenBatch batch);
  }

  /** Runs the model; the tape is open while the body runs. */
  void forEach(Body body) {
    for (int i = 0; i < evaluation.batches(); i++) {
      int number = i;
      batch.fill((inputs, targets) -> evaluation.fill(number, inputs, targets));
      try (Tape _ = Tape.inference(stepScope)) {
        body.accept(i, model.logits(batch.inputs()), batch);
      }
    }
  }

  /** The same with memory of its own, on the model's backend. */
  static void over(Gpt model, Evaluation evaluation, Body body) {
    Backend backend = model.parameters().getFirst().tensor().backend();
    try (Scope kept = backend.newScope("evaluation tokens");
        Scope step = backend.newScope("evaluation step")) {
      TokenBatch tokens = new TokenBatch(kept, evaluation.batch(), evaluation.sequence());
      new EvaluationPass(model, evaluation, step, tokens).forEach(body);
    }
  }

  /** One of the numbers of {@code Predictions}, summed over all tokens of a batch. */
  static double sum(double[] numbers, int which, int stride) {
    double sum = 0;
    for (int i = which; i < numbers.length; i += stride) {
      sum += numbers[i];
    }
    return sum;
  }
}
