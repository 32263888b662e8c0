package dev.tiebreak.trainer.lab.generate;

import dev.tiebreak.nn.Gpt;
import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.lab.tokenizer.Tokenizer;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.Arrays;
import java.util.function.IntConsumer;

/** Continues prompts; when the context is full, goes on from its second half. */
public final class Generator implements AutoCloseable {
  private final Tokenizer tokenizer;
  private final Decoder decoder;

  /** A generator on the model's backend; closing it leaves the model alone. */
  public Generator(Gpt model, Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
    this.decoder = new Decoder(model, tokenizer.vocabularySize());
  }

  /**
   * Writes one completion.
   *
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
    decoder.clear();
    int fed = Math.max(0, start - decoder.capacity()); // older tokens don't fit
    for (int i = 0; i < sampling.tokens(); i++) {
      if (decoder.length() + context.size() - fed > decoder.capacity()) {
        decoder.clear();
        fed = context.size() - Math.max(1, decoder.capacity() / 2);
      }
      double[] logits = decoder.feed(Arrays.copyOfRange(context.elements(), fed, context.size()));
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
    Check.user(!prompt.isEmpty(), "the prompt is empty; give at least one character to continue");
    return tokenizer.encodeStart(prompt);
  }

  @Override
  public void close() {
    decoder.close();
  }
}
