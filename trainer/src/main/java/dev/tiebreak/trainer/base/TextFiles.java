package dev.tiebreak.trainer.base;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Text files that people and other programs wrote. */
public final class TextFiles {
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private TextFiles() {}

  /**
   * Reads a whole file, without the byte order mark that some programs put before it.
   *
   * @param what the file is, for messages: {@code the panel}
   * @throws UserError if it cannot be read or is not UTF-8
   */
  public static String read(Path file, String what) {
    try {
      return withoutMark(Files.readString(file));
    } catch (CharacterCodingException e) {
      throw notUtf8(file, what, e);
    } catch (IOException e) {
      throw UserError.io("read " + what, file, e);
    }
  }

  /**
   * The same for a table, which spreadsheets write in UTF-16, or in Windows' Western encoding: that
   * is what a file without a mark that is no UTF-8 is taken for.
   *
   * @throws UserError if it cannot be read
   */
  public static String readTable(Path file, String what) {
    try {
      return withoutMark(decoded(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw UserError.io("read " + what, file, e);
    }
  }

  private static String decoded(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      boolean wide = bytes.length > 1 && (bytes[0] & 0xFF) + (bytes[1] & 0xFF) == 0xFE + 0xFF;
      return new String(bytes, wide ? StandardCharsets.UTF_16 : Charset.forName("windows-1252"));
    }
  }

  /**
   * Replaces a file, whole or not at all.
   *
   * @throws UserError if it cannot be written; then what was there stays
   */
  public static void write(Path file, String text, String what) {
    try {
      AtomicFiles.writeString(file, text);
    } catch (IOException e) {
      throw UserError.io("write " + what, file, e);
    }
  }

  /** A text without the byte order mark that some programs put before it. */
  public static String withoutMark(String text) {
    return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
  }

  static UserError notUtf8(Path file, String what, CharacterCodingException cause) {
    return new UserError(Words.of("%s %s is not UTF-8 text; save it as UTF-8", what, file), cause);
  }
}
