package dev.tiebreak.trainer.lab.tokenizer;

import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import it.unimi.dsi.fastutil.ints.Int2IntOpenHashMap;
import it.unimi.dsi.fastutil.ints.IntAVLTreeSet;
import it.unimi.dsi.fastutil.ints.IntSortedSet;
import java.nio.charset.StandardCharsets;

/** One token per Unicode code point of the text it was trained on, numbered in their order. */
public final class CharTokenizer implements Tokenizer {
  private final int[] characters; // (V), strictly ascending code points
  private final Int2IntOpenHashMap ids; // code point -> id, -1 where absent

  /**
   * @param characters the vocabulary; its code points strictly ascend
   * @throws IllegalArgumentException if they do not
   */
  CharTokenizer(String characters) {
    this.characters = characters.codePoints().toArray();
    this.ids = new Int2IntOpenHashMap(this.characters.length);
    ids.defaultReturnValue(-1);
    for (int id = 0; id < this.characters.length; id++) {
      Check.argument(
          id == 0 || this.characters[id - 1] < this.characters[id],
          "characters must be distinct and in ascending order");
      ids.put(this.characters[id], id);
    }
  }

  /** Collects the distinct characters of a text. */
  static CharTokenizer train(TextPieces text) {
    IntSortedSet seen = new IntAVLTreeSet();
    text.forEach(piece -> piece.codePoints().forEach(seen::add));
    StringBuilder characters = new StringBuilder();
    seen.forEach(characters::appendCodePoint);
    return new CharTokenizer(characters.toString());
  }

  @Override
  public TokenizerSpec spec() {
    return TokenizerSpec.of(TokenizerSpec.Kind.CHARS);
  }

  @Override
  public int vocabularySize() {
    return characters.length;
  }

  @Override
  public int[] encode(String text) {
    return text.codePoints().map(this::id).toArray();
  }

  private int id(int character) {
    int id = ids.get(character);
    if (id < 0) {
      throw new UserError(
          Words.of(
                  "the character '%s' (U+%04X) does not occur in the training text, so the chars tokenizer",
                  Character.toString(character), character)
              + " has no token for it; leave it out, or train with bytes or bpe");
    }
    return id;
  }

  @Override
  public byte[] bytes(int token) {
    return Character.toString(characters[token]).getBytes(StandardCharsets.UTF_8);
  }

  /** The vocabulary, in the order of the ids. */
  String characters() {
    return new String(characters, 0, characters.length);
  }
}
