package dev.tiebreak.trainer.lab.estimate;

import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.lab.config.DataConfig;
import dev.tiebreak.trainer.lab.data.TextSource;
import dev.tiebreak.trainer.lab.tokenizer.Tokenizer;
import dev.tiebreak.trainer.lab.tokenizer.TokenizerSpec;

/**
 * How many tokens a tokenizer has, before it is made.
 *
 * @param size tokens, without padding
 * @param origin where the number comes from, in words
 */
public record Vocabulary(int size, String origin) {
  private static final int BYTES = 256;
  private static final int GPT2 = 50_257;
  private static final int ASSUMED_CHARACTERS = 100;

  /**
   * The vocabulary of a configuration. Reads the text only where it decides, for {@code chars}, and
   * assumes a number where it is not there.
   */
  public static Vocabulary of(DataConfig data) {
    Vocabulary plain =
        switch (data.tokenizer()) {
          case BYTES -> new Vocabulary(BYTES, "one per byte");
          case GPT2 -> new Vocabulary(GPT2, "GPT-2's");
          case BPE -> new Vocabulary(BYTES + data.merges(), "256 bytes and data.merges");
          case CHARS -> characters(data);
        };
    return data.tokenizerSpec().endOfText()
        ? new Vocabulary(plain.size + 1, plain.origin + ", and one at the end of a document")
        : plain;
  }

  private static Vocabulary characters(DataConfig data) {
    try {
      TextSource source = TextSource.of(data.text(), data.byteLimit());
      Tokenizer tokenizer = TokenizerSpec.of(data.tokenizer()).train(source.pieces(), _ -> {});
      return new Vocabulary(tokenizer.vocabularySize(), "the characters of the text");
    } catch (UserError e) {
      return new Vocabulary(
          ASSUMED_CHARACTERS, "assumed, since the text cannot be read: " + e.getMessage());
    }
  }
}
