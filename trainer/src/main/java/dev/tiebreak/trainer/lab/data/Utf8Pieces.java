package dev.tiebreak.trainer.lab.data;

import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Decodes UTF-8 strictly, in pieces of about {@link #PIECE_LENGTH} characters. A piece ends before
 * a space or a line end that follows a visible character: no tokenizer has a token across that
 * place. (Where a whole piece has no such place it ends between two characters.) A byte order mark
 * at the start is skipped.
 */
final class Utf8Pieces implements AutoCloseable {
  static final int PIECE_LENGTH = 1 << 20;

  private static final int BUFFER_BYTES = 1 << 16;
  private static final int ZERO_OF = 16; // bytes of a text are zero, one at most
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final String name;
  private final InputStream in;
  private final int pieceLength;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
  private final CharBuffer chars = CharBuffer.allocate(BUFFER_BYTES);
  private final StringBuilder pending = new StringBuilder();
  private long bytesRead; // from the stream
  private boolean ended;
  private boolean started;

  Utf8Pieces(String name, InputStream in) {
    this(name, in, PIECE_LENGTH);
  }

  Utf8Pieces(String name, InputStream in, int pieceLength) {
    this.name = name;
    this.in = in;
    this.pieceLength = pieceLength;
  }

  /**
   * The next piece, not empty, or null at the end.
   *
   * @throws UserError if the bytes are not UTF-8
   */
  String next() throws IOException {
    while (!ended && pending.length() <= pieceLength) {
      decodeMore();
    }
    if (pending.isEmpty()) {
      return null;
    }
    int end = pending.length() <= pieceLength ? pending.length() : cut(pending, pieceLength);
    String piece = pending.substring(0, end);
    pending.delete(0, end);
    return piece;
  }

  /** The last place at or before {@code limit}, but not 0, where a text may be cut. */
  static int cut(CharSequence text, int limit) {
    for (int i = Math.min(limit, text.length() - 1); i > 0; i--) {
      char before = text.charAt(i - 1);
      boolean space = text.charAt(i) == ' ' || text.charAt(i) == '\n';
      if (space && !Character.isWhitespace(before) && isVisible(before)) {
        return i;
      }
    }
    return limit > 1 && Character.isHighSurrogate(text.charAt(limit - 1)) ? limit - 1 : limit;
  }

  private static boolean isVisible(char character) {
    return character > 0x20 && character != 0x85 && !Character.isSpaceChar(character);
  }

  private void decodeMore() throws IOException {
    bytes.compact();
    int read = in.read(bytes.array(), bytes.position(), bytes.remaining());
    bytes.position(bytes.position() + Math.max(read, 0)).flip();
    bytesRead += Math.max(read, 0);
    ended = read < 0;
    if (bytesRead == Math.max(read, 0)) { // the first bytes
      requireText();
    }
    CoderResult result = decoder.decode(bytes, chars, ended);
    if (result.isError()) {
      throw notUtf8();
    }
    chars.flip();
    boolean mark = !started && chars.hasRemaining() && chars.get(0) == BYTE_ORDER_MARK;
    started |= chars.hasRemaining();
    pending.append(chars, mark ? 1 : 0, chars.remaining());
    chars.clear();
  }

  /**
   * UTF-16 of Latin letters is valid UTF-8 with a zero for every other byte; so are token files.
   */
  private void requireText() {
    Check.user(
        count(value -> value == 0) <= bytes.limit() / ZERO_OF,
        "%s holds zero bytes and is no text in UTF-8; if it is UTF-16, convert it (iconv -f UTF-16 -t UTF-8)",
        name);
  }

  private UserError notUtf8() {
    long offset = bytesRead - bytes.remaining();
    return new UserError(
        Words.of(
            "the text %s is not UTF-8: byte 0x%02X at offset %d; %s",
            name, bytes.get(bytes.position()), offset, remedy(offset)));
  }

  private String remedy(long offset) {
    if (offset == 0 && (bytes.get(0) & 0xFE) == 0xFE) { // half of a byte order mark
      return "it looks like UTF-16; convert it first (iconv -f UTF-16 -t UTF-8)";
    }
    return count(value -> value >= 0 && value < ' ' && !Character.isWhitespace(value)) > 0
        ? "it looks like a packed or binary file; unpack it, or name a text"
        : "convert it first (for example: iconv -f LATIN1 -t UTF-8)";
  }

  private long count(IntPredicate which) {
    return IntStream.range(0, bytes.limit()).map(bytes::get).filter(which).count();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
