package dev.tiebreak.trainer.lab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.trainer.base.AtomicFiles;
import dev.tiebreak.trainer.base.Sha256;
import dev.tiebreak.trainer.base.UserError;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenFileTest {
  @TempDir Path folder;

  private TokenWriter write(Path file, int bytesPerToken, int... tokens) throws IOException {
    TokenWriter writer = new TokenWriter(bytesPerToken);
    AtomicFiles.writeChannel(
        file,
        channel -> {
          writer.start(channel);
          writer.write(tokens);
          writer.finish();
        });
    return writer;
  }

  @Test
  void idsAsLargeAsTheVocabularyComeBack() throws IOException {
    Path file = folder.resolve("tokens.bin");
    write(file, 2, 0, 1, 32_768, 65_535);
    try (TokenFile tokens = TokenFile.open(file, 4, 2)) {
      assertThat(IntStream.range(0, 4).map(tokens::token)).containsExactly(0, 1, 32_768, 65_535);
    }
    write(file, 4, 65_536, 1_000_000);
    try (TokenFile tokens = TokenFile.open(file, 2, 4)) {
      assertThat(IntStream.range(0, 2).map(tokens::token)).containsExactly(65_536, 1_000_000);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void manyTokensAreWrittenCountedAndHashed(int bytesPerToken) throws IOException {
    int[] ids = IntStream.range(0, 700_001).map(i -> i * 31 % 65_536).toArray();
    Path file = folder.resolve("tokens.bin");
    TokenWriter writer = write(file, bytesPerToken, ids);
    assertThat(writer.tokens()).isEqualTo(ids.length);
    assertThat(writer.sha256()).isEqualTo(Sha256.of(file));
    int[] copy = new int[ids.length + 1];
    try (TokenFile tokens = TokenFile.open(file, ids.length, bytesPerToken)) {
      tokens.copy(0, ids.length, MemorySegment.ofArray(copy), 1);
    }
    assertThat(IntStream.of(copy).skip(1).toArray()).isEqualTo(ids);
  }

  @Test
  void idsOfTwoBytesAreUsedWhereTheyAreEnough() {
    assertThat(TokenFile.bytesPerToken(65_536)).isEqualTo(2);
    assertThat(TokenFile.bytesPerToken(65_537)).isEqualTo(4);
  }

  @Test
  void readingBeyondAnEndIsRefused() throws IOException {
    Path file = folder.resolve("tokens.bin");
    write(file, 2, 5, 6, 7);
    MemorySegment target = MemorySegment.ofArray(new int[4]);
    try (TokenFile tokens = TokenFile.open(file, 3, 2)) {
      assertThatThrownBy(() -> tokens.token(3)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> tokens.token(-1)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> tokens.copy(1, 3, target, 0))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> tokens.copy(0, 3, target, 2))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void aClosedFileIsNotReadAndMayBeClosedAgain() throws IOException {
    Path file = folder.resolve("tokens.bin");
    write(file, 2, 5);
    TokenFile tokens = TokenFile.open(file, 1, 2);
    tokens.close();
    tokens.close();
    assertThatThrownBy(() -> tokens.token(0)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aFileOfAnotherSizeIsRefused() throws IOException {
    Path file = folder.resolve("tokens.bin");
    write(file, 2, 5, 6);
    assertThatThrownBy(() -> TokenFile.open(file, 3, 2))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(file + " has 4 bytes, its manifest says 6");
  }
}
