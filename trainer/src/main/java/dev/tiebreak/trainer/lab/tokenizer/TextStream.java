package dev.tiebreak.trainer.lab.tokenizer;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Text as it is generated, token by token: gives out whole characters and keeps back the bytes of a
 * character that is not complete yet. Not safe for several threads.
 */
public final class TextStream {
  private static final int LONGEST_CHARACTER = 4; // bytes

  private final Tokenizer tokenizer;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private ByteBuffer pending = ByteBuffer.allocate(0);

  /** A stream that has seen nothing. */
  public TextStream(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /** Takes one token; returns the characters it completes, perhaps none. */
  public String add(int token) {
    return decode(tokenizer.bytes(token), false);
  }

  /** Ends the text; what is left of an incomplete character becomes U+FFFD. */
  public String finish() {
    return decode(new byte[0], true);
  }

  private String decode(byte[] bytes, boolean end) {
    ByteBuffer in = ByteBuffer.allocate(pending.remaining() + bytes.length);
    in.put(pending).put(bytes).flip();
    CharBuffer out = CharBuffer.allocate(in.remaining() + LONGEST_CHARACTER);
    decoder.decode(in, out, end);
    if (end) {
      decoder.flush(out);
      decoder.reset();
    }
    pending = in.slice();
    return out.flip().toString();
  }
}
