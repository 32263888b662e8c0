package dev.tiebreak.trainer.lab.tokenizer;

/**
 * Cuts text into the words that byte pairs are learned and applied in, by the rules of GPT-2: an
 * English contraction ending ({@code 's 't 're 've 'm 'll 'd}); a run of letters, of numbers, or of
 * other signs, each with the one space before it; a run of white space, which leaves its last
 * character to the word that follows. The words of a text, put together, are the text.
 *
 * <p>Unlike GPT-2's regular expression, a run longer than {@link #MAX_LENGTH} is cut there, so that
 * no input makes encoding slow.
 */
final class WordSplitter {
  /** The longest word, in UTF-16 units (one more where a surrogate pair straddles it). */
  static final int MAX_LENGTH = 128;

  private enum Kind {
    LETTER,
    NUMBER,
    SPACE,
    OTHER
  }

  private WordSplitter() {}

  /**
   * Where the word that begins at {@code start} ends.
   *
   * @param start an index in the text at which a word begins
   * @return the index after the word's last unit, greater than {@code start}
   */
  static int end(String text, int start) {
    char first = text.charAt(start);
    if (first == '\'') {
      int length = contraction(text, start + 1);
      if (length > 0) {
        return start + 1 + length;
      }
    }
    if (first == ' ' && start + 1 < text.length()) {
      Kind next = kind(text.codePointAt(start + 1));
      if (next != Kind.SPACE) {
        return runEnd(text, start, start + 1, next);
      }
    }
    Kind kind = kind(text.codePointAt(start));
    int end = runEnd(text, start, start, kind);
    boolean wordFollows = end < text.length() && kind(text.codePointAt(end)) != Kind.SPACE;
    return kind == Kind.SPACE && wordFollows && end - start > 1 ? end - 1 : end;
  }

  /** Length of the contraction ending that stands after an apostrophe, 0 if there is none. */
  private static int contraction(String text, int start) {
    char first = start < text.length() ? text.charAt(start) : 0;
    char second = start + 1 < text.length() ? text.charAt(start + 1) : 0;
    return switch (first) {
      case 's', 't', 'm', 'd' -> 1;
      case 'r', 'v' -> second == 'e' ? 2 : 0;
      case 'l' -> second == 'l' ? 2 : 0;
      default -> 0;
    };
  }

  private static int runEnd(String text, int wordStart, int runStart, Kind kind) {
    int end = runStart;
    while (end < text.length() && end - wordStart < MAX_LENGTH) {
      int character = text.codePointAt(end);
      if (kind(character) != kind) {
        break;
      }
      end += Character.charCount(character);
    }
    return end;
  }

  private static Kind kind(int character) {
    if (character < 128) {
      return asciiKind(character);
    }
    return switch (Character.getType(character)) {
      case Character.UPPERCASE_LETTER,
          Character.LOWERCASE_LETTER,
          Character.TITLECASE_LETTER,
          Character.MODIFIER_LETTER,
          Character.OTHER_LETTER ->
          Kind.LETTER;
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER ->
          Kind.NUMBER;
      case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
          Kind.SPACE;
      default -> character == 0x85 ? Kind.SPACE : Kind.OTHER; // U+0085, next line
    };
  }

  private static Kind asciiKind(int character) {
    if (character >= 'a' && character <= 'z' || character >= 'A' && character <= 'Z') {
      return Kind.LETTER;
    }
    if (character >= '0' && character <= '9') {
      return Kind.NUMBER;
    }
    return character == ' ' || character >= '\t' && character <= '\r' ? Kind.SPACE : Kind.OTHER;
  }
}
