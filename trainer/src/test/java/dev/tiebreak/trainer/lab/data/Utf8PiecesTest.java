package dev.tiebreak.trainer.lab.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.trainer.lab.tokenizer.TextPieces;
import dev.tiebreak.trainer.lab.tokenizer.Tokenizer;
import dev.tiebreak.trainer.lab.tokenizer.TokenizerSpec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8PiecesTest {
  private static final String TEXT =
      "It's  two spaces,\n\n"
          + "  and\tmore;\u00A0 1999 words \uD83D\uDE00\uD83D\uDE00 they'll\u3000 日本 end  ";

  /** The longest stretch of the text that has no place to cut, with a little to spare. */
  private static final int LONGEST_WITHOUT_CUT = 24;

  private static List<String> pieces(String text, int length) throws IOException {
    List<String> pieces = new ArrayList<>();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (Utf8Pieces in = new Utf8Pieces("text", new ByteArrayInputStream(bytes), length)) {
      for (String piece = in.next(); piece != null; piece = in.next()) {
        pieces.add(piece);
      }
    }
    return pieces;
  }

  @ParameterizedTest
  @ValueSource(strings = {"chars", "bpe:30", "gpt2"})
  void tokensOfPiecesAreTheTokensOfTheText(String spec) throws IOException {
    Tokenizer tokenizer = TokenizerSpec.parse(spec).train(TextPieces.of(TEXT), status -> {});
    for (int length = LONGEST_WITHOUT_CUT; length <= TEXT.length() + 1; length++) {
      List<String> pieces = pieces(TEXT, length);
      assertThat(String.join("", pieces)).isEqualTo(TEXT);
      int[] tokens =
          pieces.stream().flatMapToInt(piece -> Arrays.stream(tokenizer.encode(piece))).toArray();
      assertThat(tokens).as("pieces %s", pieces).isEqualTo(tokenizer.encode(TEXT));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5})
  void withoutSpacesACutFallsBetweenCharacters(int length) throws IOException {
    String text = "日\uD83D\uDE00".repeat(50);
    List<String> pieces = pieces(text, length);
    assertThat(String.join("", pieces)).isEqualTo(text);
    assertThat(pieces).noneMatch(piece -> Character.isLowSurrogate(piece.charAt(0)));
    assertThat(pieces).allMatch(piece -> piece.length() <= length);
  }
}
