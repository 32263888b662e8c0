package dev.tiebreak.trainer.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.tiebreak.trainer.base.Sha256;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptsTest {
  private static final String GOOD = line("a-1", "story", "Once upon");

  @TempDir Path folder;

  private static String line(String id, String kind, String text) {
    return Words.of("{\"id\": \"%s\", \"kind\": \"%s\", \"text\": \"%s\"}\n", id, kind, text);
  }

  @Test
  void theBuiltInPromptsAreOfFiveKindsAndShortAndPlain() {
    Prompts prompts = Prompts.builtIn();
    assertThat(
            prompts.all().stream()
                .collect(Collectors.groupingBy(Prompt::kind, Collectors.counting())))
        .containsOnly(
            entry("story", 13L),
            entry("factual", 13L),
            entry("dialogue", 13L),
            entry("how-to", 13L),
            entry("list", 12L));
    for (Prompt prompt : prompts.all()) {
      assertThat(prompt.id()).matches(prompt.kind() + "-\\d\\d");
      assertThat(prompt.text()).matches("[A-Za-z ,.':?]+").doesNotEndWith(" ").doesNotContain("  ");
      assertThat(prompt.text().split(" ")).hasSizeBetween(3, 12);
    }
  }

  @Test
  void aFileIsReadInItsOrderAndHashed() throws IOException {
    String content = GOOD + "\n" + line("b", "a kind of my own", "He said: \\\"No");
    Path file = Files.writeString(folder.resolve("p.jsonl"), content);
    assertThat(Prompts.read(file))
        .isEqualTo(
            new Prompts(
                List.of(
                    new Prompt("a-1", "story", "Once upon"),
                    new Prompt("b", "a kind of my own", "He said: \"No")),
                Sha256.of(content)));
  }

  @Test
  void whatIsWrittenIsTheBuiltIn() {
    Path file = StudyTemplate.ORIGINAL.write(folder).prompts();
    assertThat(Prompts.read(file).all()).isEqualTo(Prompts.builtIn().all());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          once upon a time                                    | not JSON
          ["a"]                                               | not a JSON object
          {"id": "b", "kind": "story"}                        | text is missing or not a text
          {"id": "b", "kind": " ", "text": "x"}               | kind is empty
          {"id": 5, "kind": "story", "text": "x"}             | id is missing or not a text
          {"id": "b c", "kind": "story", "text": "x"}         | the id 'b c' must be letters
          {"id": "b", "kind": "story", "text": "The "}        | ends in white space
          {"id": "b", "kind": "k", "text": "x", "arm": "both"}| arm is unknown
          {"id": "a-1", "kind": "story", "text": "x"}         | the id 'a-1' is that of line 1
          {"id": "b", "kind": "story", "text": "Once upon"}   | the text is that of line 1
          """)
  void aWrongLineIsNamed(String line, String problem) {
    assertThatThrownBy(() -> Prompts.parse(GOOD + "\n" + line + "\n", "p.jsonl"))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("p.jsonl: line 3: ")
        .hasMessageContaining(problem);
  }

  @Test
  void filesThatAreNoPromptsAreRefused() throws IOException {
    Path empty = Files.writeString(folder.resolve("empty"), "\n\n");
    assertThatThrownBy(() -> Prompts.read(empty))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("holds no prompt");
    Path missing = folder.resolve("missing");
    assertThatThrownBy(() -> Prompts.read(missing))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("no such file");
    Path latin =
        Files.write(
            folder.resolve("latin"),
            line("a", "k", "caf\u00e9").getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> Prompts.read(latin))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("not UTF-8");
  }
}
