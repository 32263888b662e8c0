package dev.tiebreak.trainer.lab.generate;

import dev.tiebreak.nn.Gpt;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.tensor.attention.KvCache;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import java.util.Arrays;
import java.util.List;

/**
 * A model in the middle of one text. Keeps the keys and values of earlier positions, so a token
 * costs one row of each matrix product.
 */
public final class Decoder implements AutoCloseable {
  private final Gpt model;
  private final int vocabulary;
  private final Scope cacheScope;
  private final Scope stepScope;
  private final List<KvCache> caches;

  /**
   * At the beginning of a text.
   *
   * @param vocabulary tokens that there are: the model's rows after them are padding
   */
  public Decoder(Gpt model, int vocabulary) {
    this.model = model;
    this.vocabulary = vocabulary;
    var backend = model.parameters().getFirst().tensor().backend();
    this.cacheScope = backend.newScope("key/value cache");
    this.stepScope = backend.newScope("generation step");
    this.caches = model.newCaches(cacheScope, 1);
  }

  public int length() {
    return caches.getFirst().length();
  }

  /** The most tokens that can be fed. */
  public int capacity() {
    return caches.getFirst().capacity();
  }

  public void clear() {
    caches.forEach(KvCache::clear);
  }

  /**
   * Feeds the next tokens of the text and returns the logits of what follows.
   *
   * @throws UserError if a logit is not finite
   */
  public double[] feed(int... tokens) {
    try (Tape _ = Tape.inference(stepScope)) {
      Tensor logits = model.nextLogits(stepScope.of(tokens, 1, tokens.length), caches); // (1, 1, V)
      // Padding is never sampled.
      double[] known = Arrays.copyOf(logits.toDoubles(), vocabulary);
      for (double logit : known) {
        if (!Double.isFinite(logit)) {
          throw new UserError(
              Words.of(
                  "the model's output is %s; its weights are damaged, generate from another run",
                  logit));
        }
      }
      return known;
    }
  }

  /** Gives the caches' memory back; leaves the model alone. */
  @Override
  public void close() {
    stepScope.close();
    cacheScope.close();
  }
}
