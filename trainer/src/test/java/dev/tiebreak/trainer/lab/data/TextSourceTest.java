package dev.tiebreak.trainer.lab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.trainer.base.UserError;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextSourceTest {
  @TempDir Path folder;

  /** Documents as "name: text". */
  private static final class Reader implements TextSource.Sink {
    private final List<String> names = new ArrayList<>();
    private final List<StringBuilder> texts = new ArrayList<>();
    private int pieces;

    @Override
    public void document(String name) {
      names.add(Path.of(name).getFileName().toString());
      texts.add(new StringBuilder());
    }

    @Override
    public void text(String piece) {
      assertThat(piece).isNotEmpty();
      texts.getLast().append(piece);
      pieces++;
    }

    private String text() {
      return String.join("|", texts);
    }
  }

  private static Reader read(long maxBytes, Path... paths) {
    List<String> texts = List.of(paths).stream().map(Path::toString).toList();
    Reader reader = new Reader();
    TextSource.of(texts, maxBytes).read(reader);
    return reader;
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private Path writePacked(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }

  @Test
  void aFileIsReadAsItIs() throws IOException {
    Path file = write("any.name", "  Zeile\r\n\n日本 \uD83D\uDE00\t\n");
    assertThat(read(TextSource.UNLIMITED, file).text())
        .isEqualTo("  Zeile\r\n\n日本 \uD83D\uDE00\t\n");
  }

  @Test
  void aPackedFileIsUnpacked() throws IOException {
    assertThat(read(TextSource.UNLIMITED, writePacked("a.txt.gz", "packed é")).text())
        .isEqualTo("packed é");
  }

  @Test
  void aFolderGivesItsTextFilesInTheOrderOfTheirPaths() throws IOException {
    write("b.txt", "2");
    write("a/z.md", "0");
    writePacked("a0.text.gz", "1");
    write("c/d/e.text", "3");
    write("image.png", "x");
    write(".hidden/a.txt", "x");
    write(".a.txt", "x");
    Reader reader = read(TextSource.UNLIMITED, folder);
    assertThat(reader.names).containsExactly("z.md", "a0.text.gz", "b.txt", "e.text");
    assertThat(reader.text()).isEqualTo("0|1|2|3");
  }

  @Test
  void severalTextsAreReadInTheOrderGiven() throws IOException {
    Path b = write("b.txt", "first");
    Path a = write("a.txt", "second");
    assertThat(read(TextSource.UNLIMITED, b, a).text()).isEqualTo("first|second");
  }

  @Test
  void aByteOrderMarkIsSkippedOnlyAtTheStart() throws IOException {
    assertThat(read(TextSource.UNLIMITED, write("a.txt", "\uFEFFx\uFEFFy")).text())
        .isEqualTo("x\uFEFFy");
  }

  @Test
  void aLongTextComesInPiecesThatEndAtWords() throws IOException {
    String text = "some words é日\uD83D\uDE00 here,\nand there ".repeat(100_000);
    Reader reader = read(TextSource.UNLIMITED, write("a.txt", text));
    assertThat(reader.pieces).isGreaterThan(2);
    assertThat(reader.text()).isEqualTo(text);
  }

  @Test
  void theLimitCutsAtAWordAndLeavesOutTheRest() throws IOException {
    Path a = write("a.txt", "one two");
    Path b = write("b.txt", "äöü three four");
    Path c = write("c.txt", "never");
    assertThat(read(15, a, b, c).text()).isEqualTo("one two|äöü");
    assertThat(read(7, a, b, c).text()).isEqualTo("one two");
    assertThat(read(9, a, b, c).text()).isEqualTo("one two|ä");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5, 65_533, 65_535, 65_536, 1_100_000})
  void bytesThatAreNotUtf8AreNamedWithTheirPlace(int offset) throws IOException {
    byte[] bytes = "é ".repeat(offset / 3 + 1).getBytes(StandardCharsets.UTF_8);
    byte[] text = new byte[offset + 3];
    int whole = offset / 3 * 3;
    System.arraycopy(bytes, 0, text, 0, whole);
    for (int i = whole; i < offset; i++) {
      text[i] = 'x';
    }
    text[offset] = (byte) 0xE9; // é in Latin-1
    text[offset + 1] = 'a';
    text[offset + 2] = 'b';
    Path file = Files.write(folder.resolve("latin.txt"), text);
    assertThatThrownBy(() -> read(TextSource.UNLIMITED, file))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("byte 0xE9 at offset " + offset + ";")
        .hasMessageContaining("iconv");
  }

  @Test
  void aCharacterCutOffAtTheEndIsAnError() throws IOException {
    Path file = Files.write(folder.resolve("cut.txt"), new byte[] {'a', (byte) 0xC3});
    assertThatThrownBy(() -> read(TextSource.UNLIMITED, file))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("byte 0xC3 at offset 1;");
  }

  @Test
  void whatCannotBeReadIsNamed() throws IOException {
    Path absent = folder.resolve("absent.txt");
    assertThatThrownBy(() -> read(1, absent))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(absent + " does not exist");
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThatThrownBy(() -> read(1, empty))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(empty + " holds no .txt");
    Path cutOff = writePacked("cut.gz", "some text ".repeat(1000));
    Files.write(cutOff, Arrays.copyOf(Files.readAllBytes(cutOff), 30));
    assertThatThrownBy(() -> read(TextSource.UNLIMITED, cutOff))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(cutOff.toString());
    assertThatThrownBy(() -> TextSource.of(List.of(), 1))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("name files, folders or jdk");
  }

  @Test
  void whatIsNoTextByItsNameIsNamed() throws IOException {
    for (String name :
        List.of("a.txt", "B.TXT", "c.Md.GZ", "d.jsonl", "e/f.pdf", ".hidden.jsonl")) {
      write(name, name);
    }
    TextSource text = TextSource.of(List.of(folder.toString()), TextSource.UNLIMITED);
    assertThat(text.leftOut()).containsExactly("d.jsonl", "e/f.pdf");
  }

  @Test
  void aTextThatIsALinkToNothingIsNotPassedOver() throws IOException {
    write("a.txt", "a");
    Files.createSymbolicLink(folder.resolve("b.txt"), folder.resolve("gone"));
    assertThatThrownBy(() -> read(TextSource.UNLIMITED, folder))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("b.txt is no file: a link to nothing");
  }

  @Test
  void aLinkThatLeadsBackAddsNothing() throws IOException {
    write("a/one.txt", "one");
    Files.createSymbolicLink(folder.resolve("a/back"), folder);
    Files.createSymbolicLink(folder.resolve("self"), Path.of("."));
    assertThat(read(TextSource.UNLIMITED, folder).text()).isEqualTo("one");
  }

  @Test
  void aLinkToAFolderIsFollowed() throws IOException {
    write("real/one.txt", "one");
    Path text = Files.createDirectories(folder.resolve("text"));
    Files.createSymbolicLink(text.resolve("link"), folder.resolve("real"));
    assertThat(read(TextSource.UNLIMITED, text).text()).isEqualTo("one");
  }

  @ParameterizedTest
  @CsvSource({
    "UTF-16, iconv -f UTF-16",
    "UTF-16LE, holds zero bytes",
    "UTF-16BE, holds zero bytes",
    "ISO-8859-1, LATIN1"
  })
  void aTextOfAnotherEncodingIsRefusedWithItsRemedy(String charset, String remedy)
      throws IOException {
    Path file =
        Files.write(folder.resolve("a.txt"), "d\u00e9j\u00e0 vu ".repeat(50).getBytes(charset));
    assertThatThrownBy(() -> read(TextSource.UNLIMITED, file))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(remedy);
  }

  @Test
  void tokensAndArchivesAreNoText() throws IOException {
    byte[] tokens = new byte[400];
    for (int i = 0; i < tokens.length; i += 2) {
      tokens[i] = (byte) ('a' + i % 23); // 16-bit, little-endian
    }
    Path bin = Files.write(folder.resolve("train.bin"), tokens);
    assertThatThrownBy(() -> read(TextSource.UNLIMITED, bin)).hasMessageContaining("is no text");
    Path zip = Files.write(folder.resolve("a.zip"), new byte[] {'P', 'K', 3, 4, (byte) 0xE9, 1});
    assertThatThrownBy(() -> read(TextSource.UNLIMITED, zip))
        .hasMessageContaining("packed or binary");
  }

  @Test
  void aPackedFileIsKnownByWhatItHolds() throws IOException {
    Path packed = writePacked("a.text", "packed");
    assertThat(read(TextSource.UNLIMITED, packed).text()).isEqualTo("packed");
    Path plain = write("b.txt.gz", "not packed");
    assertThat(read(TextSource.UNLIMITED, plain).text()).isEqualTo("not packed");
  }
}
