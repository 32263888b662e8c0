package dev.tiebreak.trainer.generate;

import dev.tiebreak.nn.Gpt;
import dev.tiebreak.tensor.KvCache;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.trainer.UserError;
import dev.tiebreak.trainer.tokenizer.Tokenizer;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Continues prompts. Keeps the keys and values of earlier positions, so a token costs one row of
 * each matrix product; when the context is full, goes on from its second half.
 */
public final class Generator implements AutoCloseable {
  private final Gpt model;
  private final Tokenizer tokenizer;
  private final Scope cacheScope;
  private final Scope stepScope;
  private final List<KvCache> caches;

  /** A generator on the model's backend; closing it leaves the model alone. */
  public Generator(Gpt model, Tokenizer tokenizer) {
    this.model = model;
    this.tokenizer = tokenizer;
    var backend = model.parameters().getFirst().tensor().backend();
    this.cacheScope = backend.newScope("key/value cache");
    this.stepScope = backend.newScope("generation step");
    this.caches = model.newCaches(cacheScope, 1);
  }

  /**
   * Writes one completion.
   *
   * @param prompt the text to continue
   * @param number of the prompt and of the sample, see {@link Sampler#address}
   * @param onToken told each new token as soon as it is chosen
   * @return the new tokens; ends early only at an end-of-text token, which is not included
   * @throws UserError if the prompt cannot be continued, see {@link #check}
   */
  public int[] complete(
      String prompt, int number, int sample, Sampling sampling, IntConsumer onToken) {
    Sampler sampler = new Sampler(sampling);
    IntArrayList context = IntArrayList.wrap(encode(tokenizer, prompt));
    int start = context.size();
    caches.forEach(KvCache::clear);
    int fed = Math.max(0, start - model.config().sequenceLength()); // older tokens don't fit
    for (int i = 0; i < sampling.tokens(); i++) {
      if (caches.getFirst().length() + context.size() - fed > model.config().sequenceLength()) {
        caches.forEach(KvCache::clear);
        fed = context.size() - Math.max(1, model.config().sequenceLength() / 2);
      }
      double[] logits = next(context, fed);
      fed = context.size();
      int token = sampler.pick(logits, Sampler.address(number, sample, i));
      if (tokenizer.endOfText().isPresent() && token == tokenizer.endOfText().getAsInt()) {
        break;
      }
      context.add(token);
      onToken.accept(token);
    }
    return context.subList(start, context.size()).toIntArray();
  }

  /**
   * Tells whether a prompt can be continued, before the work rather than after it.
   *
   * @throws UserError if it is empty, or has a character that the tokenizer has no token for
   */
  public static void check(Tokenizer tokenizer, String prompt) {
    encode(tokenizer, prompt);
  }

  private static int[] encode(Tokenizer tokenizer, String prompt) {
    int[] tokens = tokenizer.encode(prompt);
    if (tokens.length == 0) {
      throw new UserError("the prompt is empty; give at least one character to continue");
    }
    return tokens;
  }

  /** Logits for the token after all of {@code context}; feeds the part from {@code fed} on. */
  private double[] next(IntArrayList context, int fed) {
    int[] fresh = Arrays.copyOfRange(context.elements(), fed, context.size());
    try (Tape _ = Tape.inference(stepScope)) {
      Tensor tokens = stepScope.of(fresh, 1, fresh.length);
      Tensor logits = model.nextLogits(tokens, caches); // (1, 1, V)
      // Padding is never sampled.
      double[] known = Arrays.copyOf(logits.toDoubles(), tokenizer.vocabularySize());
      for (int i = 0; i < known.length; i++) {
        if (!Double.isFinite(known[i])) {
          throw new UserError(
              "the model's output is %s; its weights are damaged, generate from another run"
                  .formatted(known[i]));
        }
      }
      return known;
    }
  }

  /** Gives the caches' memory back. */
  @Override
  public void close() {
    stepScope.close();
    cacheScope.close();
  }
}
