package dev.tiebreak.trainer.lab.tokenizer;

import java.util.Objects;

/** One token per UTF-8 byte. Learns nothing and knows every text. */
public final class ByteTokenizer implements Tokenizer {
  static final int BYTES = 256;

  ByteTokenizer() {}

  @Override
  public TokenizerSpec spec() {
    return TokenizerSpec.of(TokenizerSpec.Kind.BYTES);
  }

  @Override
  public int vocabularySize() {
    return BYTES;
  }

  @Override
  public int[] encode(String text) {
    return BpeTrainer.symbols(text);
  }

  @Override
  public byte[] bytes(int token) {
    return new byte[] {(byte) Objects.checkIndex(token, BYTES)};
  }
}
