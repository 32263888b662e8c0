package dev.tiebreak.trainer.lab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.trainer.base.Sha256;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.lab.tokenizer.TokenizerSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatasetTest {
  private static final String TEXT =
      "The quick brown fox jumps over the lazy dog. ".repeat(20) + "é日";

  @TempDir Path cache;
  private final List<String> status = new ArrayList<>();

  private Dataset prepare(TextSource text, String spec) {
    return Dataset.prepare(
        text, TokenizerSpec.parse(spec), new Holdout.End(0.9), cache, status::add);
  }

  private Dataset prepare(String text, String spec) {
    return prepare(TextSource.ofText("test", text), spec);
  }

  private static int[] tokens(Dataset data) {
    return IntStream.range(0, (int) data.tokens().size()).map(data.tokens()::token).toArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes", "chars", "bpe:50", "gpt2", "bpe:50+end"})
  void theTextComesBackFromItsTokens(String spec) {
    try (Dataset data = prepare(TEXT, spec)) {
      assertThat(data.tokenizer().decode(tokens(data))).isEqualTo(TEXT);
      assertThat(data.manifest().tokenizer()).isEqualTo(spec);
      assertThat(data.manifest().vocabulary()).isEqualTo(data.tokenizer().vocabularySize());
      assertThat(data.manifest().bytesPerToken()).isEqualTo(2);
    }
  }

  @Test
  void theManifestSaysWhatTheDataIs() throws IOException {
    try (Dataset data = prepare(TEXT, "chars")) {
      DataManifest manifest = data.manifest();
      assertThat(data.sources()).containsExactly("test");
      assertThat(manifest.documents()).isEqualTo(1);
      assertThat(manifest.textBytes()).isEqualTo(905);
      assertThat(manifest.textSha256()).isEqualTo(Sha256.of(TEXT));
      assertThat(manifest.tokens()).isEqualTo(902);
      assertThat(manifest.trainTokens()).isEqualTo(811); // floor of 811.8
      assertThat(manifest.validationTokens()).isEqualTo(91);
      Path folder = data.folder();
      assertThat(manifest.tokensSha256()).isEqualTo(Sha256.of(folder.resolve("tokens.bin")));
      assertThat(manifest.tokenizerSha256()).isEqualTo(Sha256.of(folder.resolve("tokenizer.json")));
      assertThat(DataManifest.FORMAT.read(folder.resolve("manifest.json"))).isEqualTo(manifest);
    }
  }

  @Test
  void tokensAreLittleEndianSixteenBits() throws IOException {
    try (Dataset data = prepare("ab", "bytes")) {
      assertThat(Files.readAllBytes(data.folder().resolve("tokens.bin")))
          .containsExactly('a', 0, 'b', 0);
    }
  }

  @Test
  void dataIsPreparedOnceForEachTextTokenizerAndSplit() {
    prepare(TEXT, "bpe:20").close();
    assertThat(status).isNotEmpty();
    status.clear();
    Path first;
    try (Dataset again = prepare(TEXT, "bpe:20")) {
      first = again.folder();
    }
    assertThat(status).isEmpty();
    try (Dataset otherText = prepare(TEXT + " ", "bpe:20");
        Dataset otherTokenizer = prepare(TEXT, "bpe:21");
        Dataset otherSplit =
            Dataset.prepare(
                TextSource.ofText("test", TEXT),
                TokenizerSpec.bpe(20),
                new Holdout.End(0.8),
                cache,
                status::add)) {
      assertThat(List.of(otherText.folder(), otherTokenizer.folder(), otherSplit.folder()))
          .doesNotContain(first)
          .doesNotHaveDuplicates();
    }
  }

  /** A text with a fingerprint that counts how often it is read. */
  private static final class CountedPart implements TextSource.Part {
    private final String fingerprint;
    private int reads;

    CountedPart(String fingerprint) {
      this.fingerprint = fingerprint;
    }

    @Override
    public List<Document> documents() {
      reads++;
      return List.of(Document.ofText("counted", TEXT));
    }

    @Override
    public Optional<String> fingerprint() {
      return Optional.of(fingerprint);
    }
  }

  private int readsToPrepare(String fingerprint) {
    CountedPart part = new CountedPart(fingerprint);
    try (Dataset data = prepare(TextSource.ofPart("counted", part), "bytes")) {
      assertThat(data.tokenizer().decode(tokens(data))).isEqualTo(TEXT);
      return part.reads;
    }
  }

  @Test
  void aTextWithAFingerprintIsReadOnceOnly() throws IOException {
    assertThat(readsToPrepare("first")).isPositive();
    assertThat(readsToPrepare("first")).isZero();
    assertThat(readsToPrepare("other")).as("another fingerprint").isPositive();
    try (Stream<Path> notes = Files.list(cache.resolve("texts"))) {
      for (Path note : notes.toList()) {
        Files.writeString(note, "damaged");
      }
    }
    assertThat(readsToPrepare("first")).as("damaged note").isPositive();
    assertThat(readsToPrepare("first")).isZero();
  }

  @Test
  void aNoteOfATextThatWasRemovedIsNotTrusted() throws IOException {
    readsToPrepare("first");
    try (Stream<Path> folders = Files.list(cache)) {
      for (Path folder : folders.toList()) {
        Files.deleteIfExists(folder.resolve(Dataset.MANIFEST));
      }
    }
    assertThat(readsToPrepare("first")).isPositive();
  }

  @Test
  void preparingTwiceGivesTheSameBytes(@TempDir Path other) throws IOException {
    try (Dataset one = prepare(TEXT, "bpe:40");
        Dataset two =
            Dataset.prepare(
                TextSource.ofText("test", TEXT),
                TokenizerSpec.bpe(40),
                new Holdout.End(0.9),
                other,
                status::add)) {
      for (String name : List.of("tokens.bin", "tokenizer.json", "manifest.json")) {
        assertThat(two.folder().resolve(name)).hasSameBinaryContentAs(one.folder().resolve(name));
      }
    }
  }

  @Test
  void documentsAreSetApart(@TempDir Path texts) throws IOException {
    Files.writeString(texts.resolve("a.txt"), "one");
    Files.writeString(texts.resolve("b.txt"), "two");
    TextSource text = TextSource.of(List.of(texts.toString()), TextSource.UNLIMITED);
    try (Dataset chars = prepare(text, "chars");
        Dataset gpt2 = prepare(text, "gpt2")) {
      assertThat(chars.tokenizer().decode(tokens(chars))).isEqualTo("one\n\ntwo");
      assertThat(tokens(gpt2)).containsExactly(505, 50256, 11545);
      assertThat(chars.manifest().documents()).isEqualTo(2);
      MessageDigest both = Sha256.digest();
      both.update("documents\n".getBytes(StandardCharsets.UTF_8));
      for (String document : List.of("one", "two")) {
        both.update(Sha256.digest().digest(document.getBytes(StandardCharsets.UTF_8)));
      }
      assertThat(chars.manifest().textSha256()).isEqualTo(Sha256.hex(both));
    }
  }

  @Test
  void tinyShakespeareSplitsAsNanoGptDoes() {
    long characters = 1_115_394;
    String text = "x".repeat((int) characters);
    try (Dataset data = prepare(text, "bytes")) {
      assertThat(data.manifest().trainTokens()).isEqualTo(1_003_854);
      assertThat(data.manifest().validationTokens()).isEqualTo(111_540);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tokens.bin", "tokenizer.json", "manifest.json"})
  void damagedDataIsFoundOnOpeningAndMadeAgainOnPreparing(String name) throws IOException {
    Path folder;
    try (Dataset data = prepare(TEXT, "chars")) {
      folder = data.folder();
    }
    Path file = folder.resolve(name);
    byte[] whole = Files.readAllBytes(file);
    byte[] damaged = whole.clone();
    damaged[0] ^= 1;
    for (byte[] content : List.of(damaged, Arrays.copyOf(whole, whole.length / 2))) {
      Files.write(file, content);
      assertThatThrownBy(() -> Dataset.open(folder, List.of()))
          .isInstanceOf(UserError.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining("prepare it again");
      prepare(TEXT, "chars").close();
      assertThat(file).hasBinaryContent(whole);
    }
  }

  @Test
  void whatAKilledProcessLeftIsRemoved() throws IOException {
    Path folder;
    try (Dataset data = prepare(TEXT, "bytes")) {
      folder = data.folder();
    }
    Files.delete(folder.resolve("manifest.json"));
    Files.writeString(folder.resolve("tokens.bin"), "half");
    Path temporary = Files.writeString(folder.resolve(".tokens.bin.123.tmp"), "half");
    try (Dataset data = prepare(TEXT, "bytes")) {
      assertThat(data.folder()).isEqualTo(folder);
      assertThat(data.tokenizer().decode(tokens(data))).isEqualTo(TEXT);
    }
    assertThat(temporary).doesNotExist();
  }

  @Test
  void severalAtOnceShareOnePreparation() throws Exception {
    int callers = 6;
    try (ExecutorService threads = Executors.newFixedThreadPool(callers)) {
      List<Callable<int[]>> calls = new ArrayList<>();
      List<String> statuses = Collections.synchronizedList(status);
      for (int i = 0; i < callers; i++) {
        calls.add(() -> {
          TextSource text = TextSource.ofText("test", TEXT);
          try (Dataset data =
              Dataset.prepare(
                  text, TokenizerSpec.bpe(30), new Holdout.End(0.9), cache, statuses::add)) {
            return tokens(data);
          }
        });
      }
      List<Future<int[]>> results = threads.invokeAll(calls);
      for (Future<int[]> result : results) {
        assertThat(result.get()).isEqualTo(results.getFirst().get());
      }
    }
    assertThat(status).filteredOn(line -> line.startsWith("encoding")).hasSize(1);
  }

  @Test
  void anEmptyTextIsRefused() {
    assertThatThrownBy(() -> prepare("", "bytes"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("the text test is empty");
    assertThat(cache).isEmptyDirectory();
  }

  @Test
  void aTextThatIsNotUtf8LeavesNothingBehind(@TempDir Path texts) throws IOException {
    Path file =
        Files.write(texts.resolve("a.txt"), "caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
    TextSource text = TextSource.of(List.of(file.toString()), TextSource.UNLIMITED);
    assertThatThrownBy(() -> prepare(text, "bytes"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("offset 3");
    assertThat(cache).isEmptyDirectory();
  }

  @Test
  void aFolderThatCannotBeMadeIsNamed() throws IOException {
    Path file = Files.writeString(cache.resolve("file"), "x");
    TextSource text = TextSource.ofText("test", TEXT);
    assertThatThrownBy(() ->
            Dataset.prepare(
                text, TokenizerSpec.parse("bytes"), new Holdout.End(0.9), file, status::add))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("is a file, not a folder");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, -0.1, 1.5, Double.NaN})
  void aSplitThatLeavesOnePartEmptyIsRefused(double fraction) {
    TextSource text = TextSource.ofText("test", TEXT);
    assertThatThrownBy(() ->
            Dataset.prepare(
                text, TokenizerSpec.parse("bytes"), new Holdout.End(fraction), cache, status::add))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("between 0 and 1");
  }

  @Test
  void openingWhatIsNotThereNamesIt() {
    Path absent = cache.resolve("absent");
    assertThatThrownBy(() -> Dataset.open(absent, List.of()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(absent.resolve("manifest.json").toString())
        .hasMessageContaining("no such file");
  }
}
