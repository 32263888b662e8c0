package dev.tiebreak.trainer.lab.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.trainer.base.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerTest {
  @TempDir Path folder;

  private static Tokenizer train(String spec, String text) {
    return TokenizerSpec.parse(spec).train(TextPieces.of(text), status -> {});
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes", "chars", "bpe:64", "gpt2"})
  void oddUnicodeComesBackUnchanged(String spec) {
    Tokenizer tokenizer = train(spec, Texts.ODD);
    int[] tokens = tokenizer.encode(Texts.ODD);
    assertThat(tokenizer.decode(tokens)).isEqualTo(Texts.ODD);
    assertThat(Arrays.stream(tokens))
        .allMatch(token -> token >= 0 && token < tokenizer.vocabularySize());
    assertThat(tokenizer.encode("")).isEmpty();
    assertThat(tokenizer.decode()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes", "chars", "bpe:64", "gpt2"})
  void aSavedTokenizerIsTheSameTokenizer(String spec) throws IOException {
    Tokenizer tokenizer = train(spec, Texts.ODD);
    Path file = folder.resolve("tokenizer.json");
    tokenizer.save(file);
    Tokenizer loaded = Tokenizer.load(file);
    assertThat(loaded.spec()).isEqualTo(TokenizerSpec.parse(spec));
    assertThat(loaded.vocabularySize()).isEqualTo(tokenizer.vocabularySize());
    assertThat(loaded.encode(Texts.ODD)).isEqualTo(tokenizer.encode(Texts.ODD));
    assertThat(loaded.toJson()).isEqualTo(tokenizer.toJson());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes", "chars", "bpe:64", "gpt2"})
  void streamedTextEqualsDecodedText(String spec) {
    Tokenizer tokenizer = train(spec, Texts.ODD);
    TextStream stream = new TextStream(tokenizer);
    StringBuilder text = new StringBuilder();
    for (int token : tokenizer.encode(Texts.ODD)) {
      String part = stream.add(token);
      assertThat(part).doesNotContain("\uFFFD");
      text.append(part);
    }
    assertThat(text.append(stream.finish()).toString()).isEqualTo(Texts.ODD);
  }

  @Test
  void anIncompleteCharacterIsKeptBackAndReplacedAtTheEnd() {
    TextStream stream = new TextStream(new ByteTokenizer());
    byte[] smile = "\uD83D\uDE00".getBytes(StandardCharsets.UTF_8);
    assertThat(stream.add(smile[0] & 0xFF)).isEmpty();
    assertThat(stream.add(smile[1] & 0xFF)).isEmpty();
    assertThat(stream.finish()).isEqualTo("\uFFFD");
    assertThat(stream.add('a')).isEqualTo("a");
  }

  @Test
  void bytesAreTheBytes() {
    assertThat(new ByteTokenizer().encode("aé")).containsExactly('a', 0xC3, 0xA9);
    assertThat(new ByteTokenizer().vocabularySize()).isEqualTo(256);
  }

  @Test
  void charsAreNumberedByCodePoint() {
    Tokenizer tokenizer = train("chars", "\uD83D\uDE00 hello\n");
    assertThat(tokenizer.vocabularySize()).isEqualTo(7); // \n, space, e, h, l, o, smile
    assertThat(tokenizer.encode("\n hello\uD83D\uDE00")).containsExactly(0, 1, 3, 2, 4, 4, 5, 6);
  }

  @Test
  void aCharacterThatTheTextLacksIsNamed() {
    Tokenizer tokenizer = train("chars", "abc");
    assertThatThrownBy(() -> tokenizer.encode("abé"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("'é' (U+00E9)")
        .hasMessageContaining("bytes or bpe");
  }

  @Test
  void gpt2IdsAreThePublishedOnes() {
    Tokenizer tokenizer = train("gpt2", "");
    assertThat(tokenizer.encode("Hello world")).containsExactly(15496, 995);
    assertThat(tokenizer.vocabularySize()).isEqualTo(50257);
    assertThat(tokenizer.endOfText()).hasValue(50256);
    assertThat(tokenizer.decode(50256)).isEqualTo("<|endoftext|>");
    assertThat(tokenizer.encode("<|endoftext|>")).hasSizeGreaterThan(1).doesNotContain(50256);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes", "chars", "bpe:64", "gpt2"})
  void idsOutsideTheVocabularyAreRefused(String spec) {
    Tokenizer tokenizer = train(spec, Texts.ODD);
    assertThatThrownBy(() -> tokenizer.bytes(tokenizer.vocabularySize()))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> tokenizer.bytes(-1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes", "chars", "bpe:7", "gpt2"})
  void specsReadWhatTheyWrite(String text) {
    assertThat(TokenizerSpec.parse(text)).hasToString(text);
  }

  @Test
  void bpeWithoutANumberLearnsTheDefault() {
    assertThat(TokenizerSpec.parse("bpe")).isEqualTo(TokenizerSpec.bpe(4096));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "BPE", "bpe:", "bpe:0", "bpe:-3", "bpe:9999999", "gpt2:5", "words"})
  void unknownSpecsAreRefusedWithWhatIsAllowed(String text) {
    assertThatThrownBy(() -> TokenizerSpec.parse(text))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("bpe");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{}",
        "{\"format\":\"tiebreak-tokenizer\",\"version\":2,\"tokenizer\":\"bytes\"}",
        "{\"format\":\"tiebreak-tokenizer\",\"version\":1,\"tokenizer\":\"bytes\"}",
        "{\"format\":\"tiebreak-tokenizer\",\"version\":1,\"tokenizer\":\"chars\"}",
        "{\"format\":\"tiebreak-tokenizer\",\"version\":1,\"tokenizer\":\"chars\","
            + "\"vocabulary\":2,\"characters\":\"ba\"}",
        "{\"format\":\"tiebreak-tokenizer\",\"version\":1,\"tokenizer\":\"bpe:1\","
            + "\"vocabulary\":257,\"merges\":[[256,0]]}",
        "{\"format\":\"tiebreak-tokenizer\",\"version\":1,\"tokenizer\":\"bpe:1\","
            + "\"vocabulary\":257,\"merges\":[[\"a\",0]]}"
      })
  void aDamagedFileIsNamed(String content) throws IOException {
    Path file = Files.writeString(folder.resolve("tokenizer.json"), content);
    assertThatThrownBy(() -> Tokenizer.load(file))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("prepare the data again");
  }

  @Test
  void aMissingFileIsNamed() {
    Path file = folder.resolve("absent.json");
    assertThatThrownBy(() -> Tokenizer.load(file))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("no such file");
  }
}
