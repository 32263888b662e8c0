package dev.tiebreak.trainer.lab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.tiebreak.trainer.base.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JdkTextTest {
  @TempDir Path folder;

  private Path zip(String... namesAndComments) throws IOException {
    Path file = folder.resolve("src.zip");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (int i = 0; i < namesAndComments.length; i += 2) {
        zip.putNextEntry(new ZipEntry(namesAndComments[i]));
        String source = "/** " + namesAndComments[i + 1] + " */ class A {}";
        zip.write(source.getBytes(StandardCharsets.UTF_8));
      }
    }
    return file;
  }

  private static String text(Document document) {
    try (var in = document.opener().open()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void publicPackagesAreTakenAndNothingIsSaidTwice() throws IOException {
    String first = "This is the first of the sentences that are in this file.";
    String second = "This is the second of the sentences that are in this file.";
    Path sources =
        zip(
            "java.base/java/B.java",
            first + "<p>" + second,
            "java.base/java/A.java",
            first,
            "java.desktop/javax/C.java",
            second,
            "java.base/sun/D.java",
            "This is a sentence in a package that is not public.",
            "jdk.jshell/java/E.java",
            "This is a sentence in a module that is not standard.",
            "java.base/java/notes.txt",
            "This is a sentence in a file that is not Java.");
    List<Document> documents = JdkText.of(sources, Long.MAX_VALUE).documents();
    assertThat(documents)
        .extracting(Document::name, JdkTextTest::text)
        .containsExactlyInAnyOrder(
            tuple("java.base/java/A.java", first + "\n"),
            tuple("java.base/java/B.java", second + "\n"));
    assertThat(JdkText.of(sources, 10).documents())
        .extracting(Document::name)
        .containsExactly("java.base/java/A.java");
  }

  @Test
  void missingSourcesAreReportedWithTheRemedy() {
    Path sources = folder.resolve("absent.zip");
    assertThatThrownBy(() -> JdkText.of(sources, 1).documents())
        .isInstanceOf(UserError.class)
        .hasMessageContaining(sources.toString())
        .hasMessageContaining("openjdk-25-source")
        .hasMessageContaining("name a file");
  }

  @Test
  void brokenSourcesAreReported() throws IOException {
    Path sources = Files.writeString(folder.resolve("src.zip"), "not a zip file");
    assertThatThrownBy(() -> JdkText.of(sources, 1).documents())
        .isInstanceOf(UserError.class)
        .hasMessageContaining(sources.toString());
  }

  @Test
  void theFingerprintChangesWithTheArchiveAndTheLimit() throws IOException {
    String sentence = "This is a sentence in a file of the package that is read.";
    Path sources = zip("java.base/java/A.java", sentence);
    Optional<String> before = JdkText.of(sources, 100).fingerprint();
    assertThat(before).isPresent().isEqualTo(JdkText.of(sources, 100).fingerprint());
    assertThat(JdkText.of(sources, 99).fingerprint()).isNotEqualTo(before);
    zip("java.base/java/A.java", sentence + " It was written anew.");
    assertThat(JdkText.of(sources, 100).fingerprint()).isPresent().isNotEqualTo(before);
  }

  @Test
  void theRunningJdkGivesProse() {
    Path sources = Path.of(System.getProperty("java.home"), "lib", "src.zip");
    assumeThat(sources).as("this JDK has its sources beside it").exists();
    long limit = 1_000_000;
    StringBuilder text = new StringBuilder();
    TextSource.of(List.of("jdk"), limit)
        .read(
            new TextSource.Sink() {
              @Override
              public void document(String name) {
                assertThat(name).startsWith("java.");
              }

              @Override
              public void text(String piece) {
                text.append(piece);
              }
            });
    assertThat(text.length()).isBetween((int) limit * 9 / 10, (int) limit);
    assertThat(text).doesNotContain("{@", "<p>", "<", "&lt;", "\r", "  ", "Copyright");
    long ascii = text.chars().filter(c -> c < 128).count();
    long letters = text.chars().filter(c -> c < 128 && Character.isLetter(c)).count();
    assertThat((double) ascii / text.length()).isGreaterThan(0.999);
    assertThat((double) letters / text.length()).isBetween(0.75, 0.9);
    assertThat(text.toString().split("\\bthe\\b")).hasSizeGreaterThan(8_000);
    List<String> paragraphs = List.of(text.toString().split("\n+"));
    assertThat(paragraphs.subList(0, paragraphs.size() - 1)) // the limit cuts the last one
        .filteredOn(paragraph -> !JavadocProse.isProse(paragraph))
        .isEmpty();
  }
}
