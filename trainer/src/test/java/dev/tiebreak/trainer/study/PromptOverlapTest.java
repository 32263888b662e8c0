package dev.tiebreak.trainer.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.data.Holdout;
import dev.tiebreak.trainer.lab.data.TextSource;
import dev.tiebreak.trainer.lab.tokenizer.TokenizerSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromptOverlapTest {
  private static final Prompt FOX = new Prompt("fox", "story", "The quick brown fox jumps over a");
  private static final Prompt SHORT = new Prompt("short", "story", "Once upon a");
  private static final Prompts PROMPTS = new Prompts(List.of(FOX, SHORT), "");

  @TempDir Path folder;

  private static List<PromptOverlap> find(int words, String text) {
    return PromptOverlap.find(PROMPTS, words, text);
  }

  @Test
  void wordsAreLettersAndDigitsInLowerCase() {
    assertThat(PromptOverlap.words("  \u00c9t\u00e9 1999: don't--STOP_now\ud835\udc00!"))
        .containsExactly("\u00e9t\u00e9", "1999", "don", "t", "stop", "now\ud835\udc00");
    assertThat(PromptOverlap.words("... !")).isEmpty();
  }

  @Test
  void aRunOfEnoughWordsIsAnOverlapHoweverItIsWritten() {
    assertThat(find(5, "so: BROWN fox\njumps, over (a fence)"))
        .containsExactly(new PromptOverlap(FOX, "brown fox jumps over a"));
    assertThat(find(5, "brown fox jumps over the fence")).isEmpty();
    assertThat(find(4, "brown fox jumps over the fence"))
        .containsExactly(new PromptOverlap(FOX, "brown fox jumps over"));
    assertThat(find(5, "the quick brown fox happily jumps over a fence")).isEmpty();
    assertThat(find(5, "xbrown fox jumps over ax")).isEmpty();
  }

  @Test
  void ofAShortPromptAllWordsCount() {
    assertThat(find(5, "It was once upon a time"))
        .containsExactly(new PromptOverlap(SHORT, "once upon a"));
    assertThat(find(5, "It was once upon one time")).isEmpty();
    assertThat(find(1, "upon")).containsExactly(new PromptOverlap(SHORT, "upon"));
  }

  @Test
  void overlapsComeInTheOrderOfThePromptsAndOnceEach() {
    assertThat(
            find(
                5, "Once upon a quick, once upon a brown fox jumps over a. Brown fox jumps over a"))
        .extracting(PromptOverlap::prompt)
        .containsExactly(FOX, SHORT);
  }

  @Test
  void aPromptWithoutWordsNeverOverlaps() {
    Prompts dots = new Prompts(List.of(new Prompt("dots", "story", "...")), "");
    assertThat(PromptOverlap.find(dots, 5, "... and more")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes", "chars", "bpe:300"})
  void onlyThePartForTrainingCounts(String tokenizer) {
    String filler = "nothing of the sort happened in th\u00e9 town on that day. ".repeat(40);
    assertThat(inData(tokenizer, "The quick brown fox jumps! " + filler))
        .containsExactly(new PromptOverlap(FOX, "the quick brown fox jumps"));
    assertThat(inData(tokenizer, filler + "The quick brown fox jumps! ")).isEmpty();
  }

  private List<PromptOverlap> inData(String tokenizer, String text) {
    try (Dataset data =
        Dataset.prepare(
            TextSource.ofText("text", text),
            TokenizerSpec.parse(tokenizer),
            new Holdout.End(0.9),
            folder.resolve("cache"),
            _ -> {})) {
      return PromptOverlap.find(PROMPTS, 5, data);
    }
  }

  @Test
  void aStudyWithOverlapsIsNotRegistered() {
    TinyStudy tiny = new TinyStudy(folder);
    Study study = tiny.make("study");
    tiny.replace(study.folder().prompts(), "a quick dog", "Brown FOX jumps,");
    Study changed = Study.open(study.folder().path());
    assertThatThrownBy(() -> tiny.register(changed))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(
            "1 of 1 prompts share 5 words in a row, or all their words, with the training text:"
                + " a (\"brown fox jumps\"); reword them");
    assertThat(study.folder().registration()).doesNotExist();
    tiny.replace(study.folder().prompts(), "Brown FOX jumps,", "Brown FOX sleeps,");
    tiny.register(Study.open(study.folder().path()));
    assertThat(study.folder().registration()).exists();
  }

  @Test
  void ofManyOverlapsSomeAreNamed() {
    List<Prompt> prompts =
        IntStream.range(0, 7).mapToObj(i -> new Prompt("p" + i, "k", "over the lazy")).toList();
    TinyStudy tiny = new TinyStudy(folder);
    try (Dataset data = tiny.data(tiny.make("study"))) {
      assertThatThrownBy(() -> PromptOverlap.requireNone(new Prompts(prompts, ""), 5, data))
          .hasMessageContaining("7 of 7")
          .hasMessageContaining("p4 (\"over the lazy\"), and more; ")
          .hasMessageNotContaining("p5");
      PromptOverlap.requireNone(Prompts.builtIn(), 5, data);
    }
  }

  /** Texts that people train on first with this program. */
  @ParameterizedTest
  @ValueSource(strings = {TextSource.JDK, "sotu.txt.gz", "tinyshakespeare.txt"})
  void theBuiltInPromptsAreInNoUsualText(String name) {
    Optional<String> source = name.equals(TextSource.JDK) ? Optional.of(name) : shared(name);
    assumeThat(source).as("text beside the project").isPresent();
    StringBuilder text = new StringBuilder();
    TextSource.of(List.of(source.get()), TextSource.UNLIMITED)
        .read(
            new TextSource.Sink() {
              @Override
              public void document(String document) {
                text.append('\n');
              }

              @Override
              public void text(String piece) {
                text.append(piece);
              }
            });
    assertThat(text).hasSizeGreaterThan(1_000_000);
    assertThat(PromptOverlap.find(Prompts.builtIn(), 5, text.toString())).isEmpty();
  }

  /** A file in the folder {@code shared/data} beside the project or a folder above it. */
  private static Optional<String> shared(String name) {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path file = at.resolve("shared").resolve("data").resolve(name);
      if (Files.exists(file)) {
        return Optional.of(file.toString());
      }
    }
    return Optional.empty();
  }
}
