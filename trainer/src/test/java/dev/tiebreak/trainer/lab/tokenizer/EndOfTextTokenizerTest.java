package dev.tiebreak.trainer.lab.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.trainer.base.UserError;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndOfTextTokenizerTest {
  private static final String TEXT = "the end of the text, <|endoftext|>";

  private static Tokenizer of(String spec) {
    return TokenizerSpec.parse(spec).train(TextPieces.of(TEXT), _ -> {});
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes", "chars", "bpe:10"})
  void oneIdIsAddedThatNoTextHas(String spec) {
    Tokenizer plain = of(spec);
    Tokenizer more = of(spec + "+end");
    int end = plain.vocabularySize();
    assertThat(more.vocabularySize()).isEqualTo(end + 1);
    assertThat(more.endOfText()).hasValue(end);
    assertThat(more.encode(TEXT)).isEqualTo(plain.encode(TEXT)).doesNotContain(end);
    assertThat(more.decode(end)).isEqualTo("<|endoftext|>");
  }

  @Test
  void aDocumentBeginsWithIt() {
    assertThat(of("bytes+end").encodeStart("ab")).containsExactly(256, 'a', 'b');
    assertThat(of("bytes").encodeStart("ab")).containsExactly('a', 'b');
    assertThat(of("gpt2").encodeStart("one")).containsExactly(505);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes+end", "chars+end", "bpe:10+end"})
  void itComesBackFromItsFile(String spec, @TempDir Path folder) {
    Path file = folder.resolve("tokenizer.json");
    Tokenizer saved = of(spec);
    saved.save(file);
    Tokenizer loaded = Tokenizer.load(file);
    assertThat(loaded.spec()).hasToString(spec);
    assertThat(loaded.toJson()).isEqualTo(saved.toJson());
    assertThat(loaded.encodeStart(TEXT)).isEqualTo(saved.encodeStart(TEXT));
  }

  @Test
  void gpt2HasOneAlready() {
    assertThatThrownBy(() -> TokenizerSpec.parse("gpt2+end"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("gpt2 has a token for the end of a document");
  }
}
