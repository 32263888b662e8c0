package dev.tiebreak.trainer.lab.config;

import dev.tiebreak.trainer.base.toml.KeyCheck;
import dev.tiebreak.trainer.lab.tokenizer.TokenizerSpec;
import java.util.List;

/**
 * {@code [data]}: the text and how it becomes tokens.
 *
 * @param text files, folders or {@code jdk}, in order
 * @param separator what stands between two documents of a file; empty where a file is one document
 * @param tokenizer the family of the tokenizer
 * @param merges how many merges {@code bpe} learns; not used by the other tokenizers
 * @param endOfText whether a token of its own stands between documents; {@code gpt2} always has one
 * @param validation which part is only evaluated
 * @param validationFraction how large that part is
 * @param validationText files or folders that take its place; may be empty
 * @param maxBytes reading stops after about so many bytes of text; 0 reads all of it
 */
public record DataConfig(
    List<String> text,
    String separator,
    TokenizerSpec.Kind tokenizer,
    int merges,
    boolean endOfText,
    Validation validation,
    double validationFraction,
    List<String> validationText,
    long maxBytes) {

  /** What is kept for validation. */
  public enum Validation {
    /** The last tokens. */
    END,
    /** Whole documents, spread evenly over the text. */
    DOCUMENTS
  }

  public DataConfig {
    text = List.copyOf(text);
    validationText = List.copyOf(validationText);
    KeyCheck.nonEmpty("data.text", text, "a list of files, folders or \"jdk\", at least one");
    KeyCheck.between(1, 1_000_000, "data.merges", merges);
    KeyCheck.that(
        validationFraction > 0 && validationFraction < 1,
        "data.validation_fraction",
        validationFraction,
        "a number between 0 and 1");
    KeyCheck.atLeast(0, "data.max_bytes", maxBytes);
  }

  /** The tokenizer with its number of merges, where it has one. */
  public TokenizerSpec tokenizerSpec() {
    return new TokenizerSpec(
        tokenizer,
        tokenizer == TokenizerSpec.Kind.BPE ? merges : 0,
        endOfText && tokenizer != TokenizerSpec.Kind.GPT2);
  }

  /** After how many bytes reading stops: {@link Long#MAX_VALUE} where there is no limit. */
  public long byteLimit() {
    return maxBytes == 0 ? Long.MAX_VALUE : maxBytes;
  }
}
