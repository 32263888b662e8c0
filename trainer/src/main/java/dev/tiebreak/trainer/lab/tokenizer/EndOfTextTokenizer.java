package dev.tiebreak.trainer.lab.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Another tokenizer, and one token after its own that ends a document. No text encodes to it. */
public final class EndOfTextTokenizer implements Tokenizer {
  private static final String NAME = "<|endoftext|>"; // as in GPT-2's vocabulary

  private final Tokenizer plain;

  EndOfTextTokenizer(Tokenizer plain) {
    this.plain = plain;
  }

  /** The tokenizer of what stands in documents. */
  Tokenizer plain() {
    return plain;
  }

  @Override
  public TokenizerSpec spec() {
    return plain.spec().withEndOfText();
  }

  @Override
  public int vocabularySize() {
    return plain.vocabularySize() + 1;
  }

  @Override
  public int[] encode(String text) {
    return plain.encode(text);
  }

  @Override
  public int[] encodeStart(String text) {
    return IntStream.concat(IntStream.of(plain.vocabularySize()), IntStream.of(encode(text)))
        .toArray();
  }

  @Override
  public byte[] bytes(int token) {
    return token == plain.vocabularySize()
        ? NAME.getBytes(StandardCharsets.UTF_8)
        : plain.bytes(token);
  }

  @Override
  public OptionalInt endOfText() {
    return OptionalInt.of(plain.vocabularySize());
  }
}
