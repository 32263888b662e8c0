package dev.tiebreak.trainer.lab.tokenizer;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import com.knuddels.jtokkit.api.IntArrayList;
import java.util.Objects;
import java.util.OptionalInt;

/** The byte-pair vocabulary of GPT-2, from the JTokkit library. Learns nothing. */
public final class Gpt2Tokenizer implements Tokenizer {
  private static final int VOCABULARY = 50_257;
  private static final int END_OF_TEXT = 50_256;

  private final Encoding encoding =
      Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.R50K_BASE);

  Gpt2Tokenizer() {}

  @Override
  public TokenizerSpec spec() {
    return TokenizerSpec.of(TokenizerSpec.Kind.GPT2);
  }

  @Override
  public int vocabularySize() {
    return VOCABULARY;
  }

  @Override
  public int[] encode(String text) {
    return encoding.encodeOrdinary(text).toArray();
  }

  @Override
  public byte[] bytes(int token) {
    IntArrayList one = new IntArrayList(1);
    one.add(Objects.checkIndex(token, VOCABULARY));
    return encoding.decodeBytes(one);
  }

  @Override
  public OptionalInt endOfText() {
    return OptionalInt.of(END_OF_TEXT);
  }
}
