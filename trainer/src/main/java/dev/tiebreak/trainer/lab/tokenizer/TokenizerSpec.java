package dev.tiebreak.trainer.lab.tokenizer;

import dev.tiebreak.trainer.base.Check;
import dev.tiebreak.trainer.base.Names;
import dev.tiebreak.trainer.base.UserError;
import java.util.function.Consumer;

/**
 * Which tokenizer a user asks for.
 *
 * @param merges how many merges to learn, for {@link Kind#BPE}; 0 for the others
 * @param endOfText whether a token is added that ends a document; {@link Kind#GPT2} has its own
 */
public record TokenizerSpec(Kind kind, int merges, boolean endOfText) {
  /** Merges learned when {@code bpe} is asked for without a number. */
  public static final int DEFAULT_MERGES = 4096;

  private static final int MAX_MERGES = 1_000_000;
  private static final String END = "+end";

  /** The families of tokenizers, under the names that users write. */
  public enum Kind {
    /** One token per UTF-8 byte; 256 ids. */
    BYTES,
    /** One token per distinct character of the text, in order of code points. */
    CHARS,
    /** Byte pairs learned from the text; 256 + merges ids. */
    BPE,
    /** The vocabulary of GPT-2; 50,257 ids. */
    GPT2;

    /** The name users write: lower case. */
    public String label() {
      return Names.label(this);
    }
  }

  public TokenizerSpec {
    boolean valid = kind == Kind.BPE ? merges >= 1 && merges <= MAX_MERGES : merges == 0;
    Check.user(
        valid,
        "tokenizer %s with %d merges: bpe takes 1 to %d merges, the others none;"
            + " write for example bpe:4096",
        kind.label(),
        merges,
        MAX_MERGES);
    Check.user(
        !endOfText || kind != Kind.GPT2,
        "gpt2 has a token for the end of a document; leave out %s",
        END);
  }

  /** One of the kinds that need no number, or {@code bpe} with the default number of merges. */
  public static TokenizerSpec of(Kind kind) {
    return new TokenizerSpec(kind, kind == Kind.BPE ? DEFAULT_MERGES : 0, false);
  }

  public static TokenizerSpec bpe(int merges) {
    return new TokenizerSpec(Kind.BPE, merges, false);
  }

  /** The same tokenizer with a token more, which ends a document. */
  TokenizerSpec withEndOfText() {
    return new TokenizerSpec(kind, merges, true);
  }

  /**
   * Reads {@code bytes}, {@code chars}, {@code gpt2}, {@code bpe} or {@code bpe:<merges>}, each but
   * {@code gpt2} also with {@code +end} after it.
   *
   * @throws UserError if it is none of these
   */
  public static TokenizerSpec parse(String text) {
    if (text.endsWith(END)) {
      return parse(text.substring(0, text.length() - END.length())).withEndOfText();
    }
    for (Kind kind : Kind.values()) {
      if (text.equals(kind.label())) {
        return of(kind);
      }
    }
    if (text.matches("bpe:[0-9]{1,7}")) {
      return bpe(Integer.parseInt(text.substring("bpe:".length())));
    }
    throw new UserError(
        "unknown tokenizer '" + text + "'; use bytes, chars, bpe, bpe:<merges> or gpt2");
  }

  /**
   * Makes the tokenizer, learning from the text what it needs to.
   *
   * @param text the text to learn from; not read by kinds that learn nothing
   * @param status told in a few words what is being done
   */
  public Tokenizer train(TextPieces text, Consumer<String> status) {
    Tokenizer plain = trainPlain(text, status);
    return endOfText ? new EndOfTextTokenizer(plain) : plain;
  }

  private Tokenizer trainPlain(TextPieces text, Consumer<String> status) {
    return switch (kind) {
      case BYTES -> new ByteTokenizer();
      case CHARS -> {
        status.accept("collecting characters");
        yield CharTokenizer.train(text);
      }
      case BPE -> BpeTrainer.train(text, merges, status);
      case GPT2 -> new Gpt2Tokenizer();
    };
  }

  /** The form that {@link #parse} reads. */
  @Override
  public String toString() {
    return (kind == Kind.BPE ? "bpe:" + merges : kind.label()) + (endOfText ? END : "");
  }
}
