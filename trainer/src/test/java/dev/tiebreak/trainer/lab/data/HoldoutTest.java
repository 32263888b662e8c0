package dev.tiebreak.trainer.lab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.lab.tokenizer.TokenizerSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HoldoutTest {
  private static final String BETWEEN = "\n\n* * *\n\n";

  @TempDir Path folder;

  private static String text(int documents) {
    return IntStream.range(0, documents)
        .mapToObj(i -> "Story " + i + " has words.")
        .collect(Collectors.joining(BETWEEN));
  }

  private Dataset prepare(TextSource text, String spec, Holdout holdout) {
    return Dataset.prepare(text, TokenizerSpec.parse(spec), holdout, folder, _ -> {});
  }

  private static String part(Dataset data, long first, long end) {
    int[] ids = new int[(int) (end - first)];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = data.tokens().token(first + i);
    }
    return data.tokenizer().decode(ids);
  }

  private static String training(Dataset data) {
    return part(data, 0, data.manifest().trainTokens());
  }

  private static String validation(Dataset data) {
    return part(data, data.manifest().trainTokens(), data.manifest().tokens());
  }

  @Test
  void wholeDocumentsAreHeldOutEvenly() {
    TextSource text = TextSource.ofText("stories", text(10)).separatedBy(BETWEEN);
    try (Dataset data = prepare(text, "bytes", new Holdout.Documents(0.2))) {
      assertThat(validation(data)).isEqualTo("Story 4 has words.\n\nStory 9 has words.");
      assertThat(training(data))
          .startsWith("Story 0 has words.\n\nStory 1")
          .doesNotContain("4", "9");
      assertThat(data.manifest().documents()).isEqualTo(10);
    }
  }

  @Test
  void aTokenOfItsOwnStandsBetweenDocuments() {
    TextSource text = TextSource.ofText("stories", text(4)).separatedBy(BETWEEN);
    try (Dataset data = prepare(text, "bytes+end", new Holdout.Documents(0.5))) {
      assertThat(data.manifest().vocabulary()).isEqualTo(257);
      assertThat(training(data)).isEqualTo("Story 0 has words.<|endoftext|>Story 2 has words.");
      assertThat(data.tokenizer().encode("<|endoftext|>")).doesNotContain(256);
    }
  }

  @Test
  void aTokenizerLearnsNothingFromWhatIsHeldOut() {
    String text = "abababab" + BETWEEN + "cdcdcdcd";
    TextSource source = TextSource.ofText("two", text).separatedBy(BETWEEN);
    try (Dataset data = prepare(source, "bpe:8", new Holdout.Documents(0.5))) {
      assertThat(validation(data)).isEqualTo("cdcdcdcd");
      assertThat(data.manifest().validationTokens()).isEqualTo(8);
    }
  }

  @Test
  void aValidationTextOfItsOwn() throws IOException {
    Path train = Files.writeString(folder.resolve("train.txt"), "all of this");
    Path valid = Files.writeString(folder.resolve("valid.txt"), "none of it");
    TextSource own = TextSource.of(List.of(valid.toString()), TextSource.UNLIMITED);
    TextSource text = TextSource.of(List.of(train.toString()), TextSource.UNLIMITED);
    String before;
    try (Dataset data = prepare(text, "bytes", new Holdout.Text(own))) {
      assertThat(training(data)).isEqualTo("all of this");
      assertThat(validation(data)).isEqualTo("none of it");
      assertThat(data.sources()).containsExactly(train.toString(), valid.toString());
      before = data.manifest().textSha256();
    }
    Files.writeString(valid, "or all of");
    try (Dataset data = prepare(text, "bytes", new Holdout.Text(own))) {
      assertThat(validation(data)).isEqualTo("or all of");
      assertThat(data.manifest().textSha256()).isNotEqualTo(before);
    }
  }

  /** Texts that were alike once documents were put together with something between them. */
  @Test
  void textsOfOtherDocumentsAreOthers() throws IOException {
    List<String> hashes = new ArrayList<>();
    List<List<String>> texts =
        List.of(
            List.of("a\0b"),
            List.of("a", "b"),
            List.of("a", "", "b"),
            List.of("ab"),
            List.of("a", "\0b"),
            List.of("a\n\nb"),
            List.of("", "ab"),
            List.of("ab", ""));
    for (List<String> documents : texts) {
      Path files = Files.createTempDirectory(folder, "text");
      for (int i = 0; i < documents.size(); i++) {
        Files.writeString(files.resolve(i + ".txt"), documents.get(i).replace("b", "b".repeat(40)));
      }
      TextMeter meter = new TextMeter();
      TextSource.of(List.of(files.toString()), TextSource.UNLIMITED).read(meter);
      hashes.add(meter.stats().sha256());
    }
    assertThat(hashes).doesNotHaveDuplicates();
  }

  @Test
  void whoPreparedATextFirstIsNotNamedByTheNext() throws IOException {
    for (String name : List.of("first.txt", "second.txt")) {
      Path file = Files.writeString(folder.resolve(name), "the same text");
      TextSource text = TextSource.of(List.of(file.toString()), TextSource.UNLIMITED);
      try (Dataset data = prepare(text, "bytes", new Holdout.End(0.5))) {
        assertThat(data.sources()).containsExactly(file.toString());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, -0.1, Double.NaN})
  void aShareIsBetweenNoneAndAll(double share) {
    assertThatThrownBy(() -> new Holdout.Documents(share)).isInstanceOf(UserError.class);
    assertThatThrownBy(() -> new Holdout.End(share)).isInstanceOf(UserError.class);
  }
}
