package dev.tiebreak.trainer.lab.tokenizer;

import dev.tiebreak.trainer.base.UserError;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * Turns text into token ids in [0, vocabularySize) and back. Immutable as seen from outside, and
 * safe to use from several threads.
 *
 * <p>{@code decode(encode(text))} is the text again, for every text that is valid Unicode; an
 * unpaired surrogate becomes a question mark.
 */
public sealed interface Tokenizer
    permits ByteTokenizer, CharTokenizer, BpeTokenizer, Gpt2Tokenizer, EndOfTextTokenizer {

  /** What this tokenizer is, in the words of {@link TokenizerSpec#toString()}. */
  TokenizerSpec spec();

  /** How many ids there are: the smallest embedding table that serves. */
  int vocabularySize();

  /**
   * Encodes a text.
   *
   * @param text any text, also an empty one; special tokens written in it are ordinary text
   * @throws UserError if the text holds a character that the vocabulary lacks ({@code chars} only)
   */
  int[] encode(String text);

  /**
   * The UTF-8 bytes that one token stands for; they may be a part of a character.
   *
   * @throws IndexOutOfBoundsException if the id is not in [0, vocabularySize)
   */
  byte[] bytes(int token);

  /** The id that separates documents, where the vocabulary has one. */
  default OptionalInt endOfText() {
    return OptionalInt.empty();
  }

  /**
   * A text as a document begins: with the token that the training text had before each document,
   * where one was asked for. GPT-2's is not put there, as nobody does.
   */
  default int[] encodeStart(String text) {
    return encode(text);
  }

  /** Everything needed to make this tokenizer again, as one JSON text that ends in a newline. */
  default String toJson() {
    return TokenizerFile.FORMAT.text(TokenizerFile.of(this));
  }

  /** The text of some tokens; bytes that are not valid UTF-8 become U+FFFD. */
  default String decode(int... tokens) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int token : tokens) {
      out.writeBytes(bytes(token));
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  /**
   * Writes the JSON form to a file, atomically.
   *
   * @throws UserError if it cannot be written
   */
  default void save(Path file) {
    TokenizerFile.FORMAT.write(file, TokenizerFile.of(this));
  }

  /**
   * Reads a tokenizer that {@link #save} wrote.
   *
   * @throws UserError if the file cannot be read or is not a tokenizer of this format
   */
  static Tokenizer load(Path file) {
    return TokenizerFile.FORMAT.read(file, TokenizerFile::make);
  }
}
