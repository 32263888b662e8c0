package dev.tiebreak.trainer.lab.tokenizer;

import dev.tiebreak.trainer.base.Artifact;
import dev.tiebreak.trainer.base.Check;
import java.util.List;
import java.util.Optional;

/**
 * {@code tokenizer.json}. The same tokenizer always gives the same bytes.
 *
 * @param tokenizer as a user writes it, such as {@code bpe:4096}
 * @param characters of {@code chars}, in the order of their ids
 * @param merges of {@code bpe}: pairs of ids, in the order they were learned
 */
record TokenizerFile(
    String tokenizer, int vocabulary, Optional<String> characters, Optional<List<int[]>> merges) {
  static final Artifact<TokenizerFile> FORMAT =
      Artifact.of(TokenizerFile.class, "the tokenizer", "prepare the data again")
          .version("tiebreak-tokenizer", 1)
          .inOneLine();

  static TokenizerFile of(Tokenizer tokenizer) {
    Optional<String> characters = Optional.empty();
    Optional<List<int[]>> merges = Optional.empty();
    Tokenizer plain = tokenizer instanceof EndOfTextTokenizer more ? more.plain() : tokenizer;
    switch (plain) {
      case CharTokenizer chars -> characters = Optional.of(chars.characters());
      case BpeTokenizer bpe -> merges = Optional.of(bpe.merges());
      case ByteTokenizer _, Gpt2Tokenizer _, EndOfTextTokenizer _ -> {}
    }
    return new TokenizerFile(
        tokenizer.spec().toString(), tokenizer.vocabularySize(), characters, merges);
  }

  /** Throws IllegalArgumentException if the content is that of no tokenizer. */
  Tokenizer make() {
    TokenizerSpec spec = TokenizerSpec.parse(tokenizer);
    Tokenizer made = spec.endOfText() ? new EndOfTextTokenizer(plain(spec)) : plain(spec);
    Check.argument(
        made.vocabularySize() == vocabulary,
        "its content does not give the vocabulary that it states");
    return made;
  }

  private Tokenizer plain(TokenizerSpec spec) {
    return switch (spec.kind()) {
      case BYTES -> new ByteTokenizer();
      case CHARS ->
          new CharTokenizer(characters.orElseThrow(() -> missing("characters are missing")));
      case BPE ->
          new BpeTokenizer(
              merges.orElseThrow(() -> missing("merges are missing")).stream()
                  .mapToLong(TokenizerFile::pair)
                  .toArray(),
              spec.merges());
      case GPT2 -> new Gpt2Tokenizer();
    };
  }

  private static IllegalArgumentException missing(String what) {
    return new IllegalArgumentException(what);
  }

  private static long pair(int[] ids) {
    Check.argument(ids.length == 2, "a merge is not of two ids");
    return BpeTrainer.pair(ids[0], ids[1]);
  }
}
