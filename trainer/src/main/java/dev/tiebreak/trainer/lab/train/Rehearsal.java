package dev.tiebreak.trainer.lab.train;

import dev.tiebreak.nn.AdamW;
import dev.tiebreak.nn.Gpt;
import dev.tiebreak.tensor.Backend;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.config.EvaluationConfig.Examine;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.data.Batches;
import java.util.Optional;

/**
 * What a training takes of memory, to the byte: an evaluation, an examination and a logged step of
 * it, run without a text. On a dry backend that costs neither memory nor time.
 *
 * @param model that is trained; of it and its weights only shapes can be read any more
 * @param reference the model that the gain compares with, likewise
 * @param moments bytes of the optimizer's running means
 * @param kept what lives as long as the training: models, gradients, moments, tables
 * @param steps what lives as long as a step or an evaluation
 */
public record Rehearsal(Gpt model, Optional<Gpt> reference, long moments, Taken kept, Taken steps) {
  private static final long MOST_TOKENS = 1 << 24; // of a micro-batch; the host looks at each

  /**
   * Bytes of some scopes.
   *
   * @param used the most at once
   * @param reserved of the blocks that were taken for it
   */
  public record Taken(long used, long reserved) {
    static Taken of(Scope scope) {
      return new Taken(scope.peakBytes(), scope.reservedBytes());
    }

    /** Of these scopes and others. */
    public Taken plus(Taken other) {
      return new Taken(Math.addExact(used, other.used), Math.addExact(reserved, other.reserved));
    }
  }

  /**
   * Rehearses a training.
   *
   * @param vocabulary tokens of the tokenizer, without padding
   * @param backend a dry one, or one to compare with
   * @throws UserError if it is too large for any machine, or if the gain's reference is missing
   */
  public static Rehearsal of(TrainConfig config, int vocabulary, Backend backend) {
    long tokens = (long) config.training().batch() * config.model().sequenceLength();
    if (tokens > MOST_TOKENS) {
      throw new UserError(
          Words.of(
              "a micro-batch of %,d tokens (training.batch x model.sequence_length) is too large for any machine; lower training.batch and raise training.accumulation",
              tokens));
    }
    try (Scope kept = backend.newScope("model");
        Scope compared = backend.newScope("reference");
        Scope steps = backend.newScope("step")) {
      return of(config, vocabulary, kept, compared, steps);
    } catch (ArithmeticException e) {
      throw new UserError(
          "this training is larger than can be counted; lower model.channels, model.layers or model.sequence_length",
          e);
    }
  }

  private static Rehearsal of(
      TrainConfig config, int vocabulary, Scope kept, Scope compared, Scope steps) {
    Gpt reference =
        config.gain().needsReference()
            ? LoadedModel.initial(ReferenceModel.config(config), vocabulary, compared)
            : null;
    Batches batches = Batches.ofZeros(config.training().batch(), config.model().sequenceLength());
    Assembly parts =
        Assembly.of(
            config, vocabulary, kept, steps, reference, batches, batches.trainingEvaluation(1));
    parts.evaluator().loss();
    if (config.evaluation().examine() != Examine.NEVER) {
      parts.examiner().rehearse();
    }
    int compares = config.logging().gradientCosineEvery();
    parts.step().run(Math.max(0, compares - 1), true);
    Gpt model = parts.learner().model();
    return new Rehearsal(
        model,
        Optional.ofNullable(reference),
        moments(model, parts.learner().optimizer()),
        Taken.of(kept).plus(Taken.of(compared)),
        Taken.of(steps));
  }

  private static long moments(Gpt model, AdamW optimizer) {
    return model.parameters().stream()
        .mapToLong(one -> bytes(optimizer.firstMoment(one)) + bytes(optimizer.secondMoment(one)))
        .sum();
  }

  private static long bytes(Tensor tensor) {
    return tensor.size() * tensor.dtype().bytes();
  }

  /** Bytes of the weights of both models, and of their masters where they have some. */
  public long weights() {
    return weights(model) + reference.map(Rehearsal::weights).orElse(0L);
  }

  private static long weights(Gpt model) {
    return model.parameters().stream()
        .mapToLong(
            one -> bytes(one.tensor()) + (one.master() == one.tensor() ? 0 : bytes(one.master())))
        .sum();
  }

  /** Bytes of the weights' gradients. */
  public long gradients() {
    return model.parameters().stream().mapToLong(one -> bytes(one.tensor().gradient())).sum();
  }

  /** Bytes of the logits of a micro-batch (B, T, V). */
  public long logits(TrainConfig config) {
    long tokens = (long) config.training().batch() * config.model().sequenceLength();
    int bytes = model.parameters().getFirst().tensor().dtype().bytes();
    return tokens * model.config().vocabulary() * bytes;
  }
}
