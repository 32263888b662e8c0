package dev.tiebreak.trainer.ballot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables as other programs write them say the same as the program's own. */
class DialectsTest {
  private static final String HEADER = "judge,judge_kind,prompt,pair,left,right,choice";

  private static final Vote VOTE =
      Vote.by("j", JudgeKind.HUMAN, Choice.LEFT).on("p", "1").sides("a", "b");

  @TempDir Path folder;

  private static Vote one(String text) {
    List<Vote> votes = Votes.parse(text, "votes.csv");
    assertThat(votes).hasSize(1);
    return votes.getFirst();
  }

  private static Vote with(String column, String cell) {
    return one(HEADER + "," + column + "\nj,human,p,1,a,b,left," + cell + "\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sep=;\r\njudge;judge_kind;prompt;pair;left;right;choice\r\nj;human;p;1;a;b;left\r\n",
        HEADER + ",,\nj,human,p,1,a,b,left,,\n,,,,,,,,\n",
        "," + HEADER + "\n0,j,human,p,1,a,b,left\n",
        "JUDGE,Judge Kind,PROMPT,Pair,LEFT,RIGHT,Choice\nj,human,p,1,a,b,left\n",
        HEADER + "\nj,human,p,1,a,b,left,,,\n",
        HEADER + "\n j ,human,p\u00a0,1, a,b,LEFT\n",
        "\"judge\"|judge_kind|prompt|pair|left|right|choice\nj|human|p|1|a|b|a\n",
        "[{\"judge\":\"j\",\"judge_kind\":\"human\",\"prompt\":\"p\",\"pair\":1,\"left\":\"a\","
            + "\"right\":\"b\",\"choice\":\"left\"}]"
      })
  void whatAroundTheCellsDiffersChangesNothing(String table) {
    assertThat(one(table)).isEqualTo(VOTE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-8", "windows-1252", "UTF-16LE", "UTF-16BE"})
  void encodingsAreFound(String name) throws IOException {
    Charset charset = Charset.forName(name);
    String mark = name.length() == "UTF-16LE".length() ? "\uFEFF" : "";
    Path file = folder.resolve("votes.csv");
    Files.write(file, (mark + HEADER + "\nj\u00e9,human,p,1,a,b,left\n").getBytes(charset));
    assertThat(Votes.read(file).getFirst().judge().id()).isEqualTo("j\u00e9");
    assertThat(StandardCharsets.UTF_8.newEncoder().canEncode("j\u00e9")).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "response_ms | 2345.0 | 2345",
        "response_ms | 1.2E+04 | 12000",
        "response_ms | 1234.56 | 1235",
        "response_ms | \"1234,56\" | 1235",
        "response_seconds | 1.5 | 1500",
        "response_seconds | 0.0004 | 0"
      })
  void numbersOfOtherPrograms(String column, String cell, long ms) {
    assertThat(with(column, cell).when().responseMs()).hasValue(ms);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "NA", "<NA>", "None", "null", "NaT", "#N/A", " "})
  void whatIsMissingIsNotThere(String cell) {
    for (String column :
        List.of("seed", "at", "response_ms", "swapped_of", "vendor", "role", "left_tokens")) {
      assertThat(with(column, cell)).as(column).isEqualTo(VOTE);
    }
    for (String column : VoteColumns.REQUIRED) {
      String row = HEADER.replaceAll("\\b" + column + "\\b", cell);
      assertThatThrownBy(() -> Votes.parse(HEADER + "\n" + row, "votes.csv"))
          .isInstanceOf(UserError.class)
          .hasMessageContaining(column + " is ");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2026-03-01T12:00:00 | 2026-03-01T12:00:00Z",
        "2026-03-01 12:00:00+00:00 | 2026-03-01T12:00:00Z",
        "2026-03-01 13:00:00.250+0100 | 2026-03-01T12:00:00.250Z",
        "2026-03-01 12:00 | 2026-03-01T12:00:00Z",
        "2026-03-01 12:00:00 UTC | 2026-03-01T12:00:00Z",
        "2026-03-01 | 2026-03-01T00:00:00Z",
        "1.3.2026 12:00 | 2026-03-01T12:00:00Z",
        "3/13/2026 1:30 PM | 2026-03-13T13:30:00Z",
        "13/3/2026 12:30 AM | 2026-03-13T00:30:00Z",
        "1772366400 | 2026-03-01T12:00:00Z",
        "1772366400.5 | 2026-03-01T12:00:00.500Z",
        "1772366400000 | 2026-03-01T12:00:00Z",
        "46082.5 | 2026-03-01T12:00:00Z"
      })
  void timesOfOtherPrograms(String cell, String time) {
    assertThat(with("at", cell).when().at()).hasValue(Instant.parse(time));
  }

  @ParameterizedTest
  @ValueSource(strings = {"3/1/2026 12:00", "noon", "2026-13-01", "31.2.2026", "12"})
  void aTimeThatMayBeAnotherIsRefused(String cell) {
    assertThatThrownBy(() -> with("at", cell)).hasMessageContaining("not a time such as");
  }

  @Test
  void datesWithSlashesGoByTheTableAsAWhole() {
    String row = "j,human,p,%s,a,b,left,%s/2026\n";
    String table = HEADER + ",at\n" + Words.of(row, "1", "3/1") + Words.of(row, "2", "3/14");
    assertThat(Votes.parse(table, "votes.csv").getFirst().when().at())
        .hasValue(Instant.parse("2026-03-01T00:00:00Z"));
  }

  @ParameterizedTest
  @CsvSource({"A,LEFT", "b,RIGHT", "model_a,LEFT", "tie (bothbad),UNUSABLE", "baseline,RIGHT"})
  void wordsForChoices(String word, Choice choice) {
    String table = HEADER + "\nj,human,p,1,shaped,baseline," + word + "\n";
    assertThat(one(table).choice()).isEqualTo(choice);
  }

  @Test
  void anArmThatIsNamedAsASideIsMeant() {
    assertThat(one(HEADER + "\nj,human,p,1,B,A,a\n").choice()).isEqualTo(Choice.RIGHT);
  }

  @Test
  void aUserSaysWhatColumnsAndWordsMean() throws IOException {
    Path file = folder.resolve("theirs.csv");
    Files.writeString(
        file,
        "timestamp,judge_id,sample,left_model,right_model,vote,seconds,prompt\n"
            + "2026-03-01 12:00:00,gpt-4,s1,x,y,neither,2.5,long text\n"
            + "2026-03-01 12:00:01,ann,s2,x,y,left,2.5,long text\n");
    Map<String, String> columns =
        Map.of(
            "judge", "judge_id",
            "pair", "sample",
            "prompt", "sample",
            "left", "left_model",
            "right", "right_model",
            "choice", "vote",
            "at", "timestamp",
            "response_seconds", "seconds");
    Dialect dialect = Dialect.of(columns, Map.of("Neither", "same"), List.of("model:gpt-4"));
    assertThat(Votes.read(file, dialect, Map.of()))
        .containsExactly(
            Vote.by("gpt-4", JudgeKind.MODEL, Choice.SAME)
                .on("s1", "s1")
                .sides("x", "y")
                .at(Instant.parse("2026-03-01T12:00:00Z"))
                .responseMs(2500)
                .extra("their_prompt", "long text"),
            Vote.by("ann", JudgeKind.HUMAN, Choice.LEFT)
                .on("s2", "s2")
                .sides("x", "y")
                .at(Instant.parse("2026-03-01T12:00:01Z"))
                .responseMs(2500)
                .extra("their_prompt", "long text"));
    Dialect misspelt = Dialect.of(columns, Map.of("neither", "same"), List.of("model:gpt4"));
    assertThatThrownBy(() -> Votes.read(file, misspelt, Map.of()))
        .hasMessageContaining("there is no judge \"gpt4\"");
    Dialect other = Dialect.of(Map.of("judge", "judgeid"), Map.of(), List.of());
    assertThatThrownBy(() -> Votes.read(file, other, Map.of()))
        .hasMessageContainingAll("no column \"judgeid\"", "did you mean judge_id?");
    assertThatThrownBy(() -> Dialect.of(Map.of("juge", "x"), Map.of(), List.of()))
        .hasMessageContaining("columns is juge");
    assertThatThrownBy(() -> Dialect.of(Map.of(), Map.of("x", "perhaps"), List.of()))
        .hasMessageContaining("map is perhaps");
    assertThatThrownBy(() -> Dialect.of(Map.of(), Map.of(), List.of("gpt-4")))
        .hasMessageContaining("kind is gpt-4");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "j,human,p,1,a,b,left | J,human,p,2,a,b,left | judge \"J\" was \"j\"",
        "j,human,p 1,1,a,b,left | j,human,p  1,2,a,b,left | prompt",
        "j,human,p,1,a,b,left | j,human,p,1.0,a,b,left | pair",
        "j,human,p,1,Baseline,b,left | j,human,p,2,baseline,b,left | text",
        "j,human,p,1,a,b,left | j,human,p,2,a,\uFF42,left | text"
      })
  void oneNameIsNotSpeltInTwoWays(String first, String second, String fault) {
    assertThatThrownBy(() -> Votes.parse(HEADER + "\n" + first + "\n" + second, "votes.csv"))
        .hasMessageContainingAll("line 3: the ", fault, "was \"");
  }

  @Test
  void blanksAndUnicodeFormsMakeNoOtherName() {
    String table = HEADER + "\nJos\u00e9,human,p,1,a,b,left\nJose\u0301 ,human, p,2,a,b,left\n";
    assertThat(Votes.parse(table, "votes.csv"))
        .extracting(vote -> vote.judge().id())
        .containsExactly("Jos\u00e9", "Jos\u00e9");
  }

  @Test
  void whatIsShownAgainWasShownBefore() {
    String table = HEADER + ",swapped_of\nj,human,p,1,a,b,left,\n%s,human,p,1,b,a,left,%s\n";
    assertThat(Votes.parse(Words.of(table, "j", "1"), "votes.csv")).hasSize(2);
    assertThatThrownBy(() -> Votes.parse(Words.of(table, "j", "2"), "votes.csv"))
        .hasMessageContaining("swapped_of is \"2\" in a row of the judge \"j\"");
    assertThatThrownBy(() -> Votes.parse(Words.of(table, "k", "1"), "votes.csv"))
        .hasMessageContaining("who judged no such pair");
  }

  @Test
  void seedsAreWholeNumbers() {
    assertThat(with("seed", "3.0").origin().seed()).isEqualTo(OptionalLong.of(3));
    assertThatThrownBy(() -> with("seed", "3.5")).hasMessageContaining("not a whole number");
  }
}
