package dev.tiebreak.trainer.ballot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.trainer.base.UserError;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VotesTest {
  private static final String HEADER = "judge,judge_kind,prompt,pair,left,right,choice";

  @TempDir Path folder;

  private static final Vote FULL =
      Vote.by("judge-1", JudgeKind.HUMAN, Choice.UNUSABLE)
          .on("p1", "pair \"1\",\nnext line")
          .sides("left, text", "=right")
          .responseMs(12_345)
          .at(Instant.parse("2026-03-01T11:00:00.123Z"))
          .vendor("Ventor \u2603")
          .role(JudgeRole.OPERATOR)
          .swappedOf("pair 0")
          .catchItem(true)
          .origin(
              new Vote.Origin(
                  "h1",
                  Optional.of(Side.RIGHT),
                  OptionalLong.of(-3),
                  OptionalLong.of(4),
                  OptionalInt.of(0),
                  OptionalInt.of(128)))
          .extra("mood", "good; very");

  /** What the first vote is about again. */
  private static final Vote BEFORE = FULL.on("p1", "pair 0").swappedOf("");

  private static final Vote SPARSE =
      Vote.by("judge-2", JudgeKind.MODEL, Choice.LEFT)
          .on("p1", "a")
          .sides("x", "y")
          .extra("country", "\u00c5land");

  private static List<Vote> parse(String text) {
    return Votes.parse(text, "votes.csv");
  }

  private static void refused(String text, String... parts) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("votes.csv: ")
        .hasMessageContainingAll(parts)
        .hasMessageContaining("nothing was read");
  }

  @ParameterizedTest
  @EnumSource
  void whatIsWrittenIsReadAgain(Votes.Format format) {
    Path file = folder.resolve(format == Votes.Format.CSV ? "votes.CSV" : "votes.jsonl");
    Votes.write(file, List.of(FULL, SPARSE, BEFORE));
    assertThat(Votes.read(file)).containsExactly(FULL, SPARSE, BEFORE);
    Votes.write(file, List.of());
    assertThat(Votes.read(file)).isEmpty();
  }

  @Test
  void aTableFromASpreadsheetIsRead() {
    String csv =
        "\uFEFFchoice;pair;prompt;judge;note;judge_kind;left;right;at;catch\r\n"
            + " Tie ;1;p;\"an; n\";\"two\r\nlines\";Human;a;b;2026-03-01T12:00:00+01:00;1\r\n";
    assertThat(parse(csv))
        .containsExactly(
            Vote.by("an; n", JudgeKind.HUMAN, Choice.SAME)
                .on("p", "1")
                .sides("a", "b")
                .at(Instant.parse("2026-03-01T11:00:00Z"))
                .catchItem(true)
                .extra("note", "two\r\nlines"));
  }

  @Test
  void everyFaultIsToldWithItsLine() {
    refused(
        HEADER
            + ",seed,response_ms,at,catch\n"
            + "j,human,p,\"two\nlines\",a,b,left,,,,\n" // fine: lines 2 and 3
            + "j,human,p,2,a,b,lefft,,,,\n"
            + "j,humen,p,3,a,b,right,1.5,-1,noon,maybe\n"
            + ",model,p,4,a,b,same,,,,\n"
            + "j,model,p\n",
        "line 4: choice is \"lefft\", which is none of left, right, same, unusable, tie; did you"
            + " mean left?",
        "line 5: judge_kind is \"humen\"",
        "did you mean human?",
        "line 5: seed is \"1.5\", not a whole number",
        "line 5: response_ms is \"-1\", not a number, 0 or more",
        "line 5: at is \"noon\", not a time such as",
        "line 5: catch is \"maybe\"",
        "line 6: judge is empty",
        "line 7: 3 fields where the header has 11");
  }

  @Test
  void tenFaultsAreToldAndTheOthersCounted() {
    String lines =
        IntStream.rangeClosed(1, 1234)
            .mapToObj(i -> "j,human,p," + i + ",a,b,?")
            .collect(Collectors.joining("\n"));
    assertThatThrownBy(() -> parse(HEADER + "\n" + lines))
        .hasMessageContaining("line 11: ")
        .hasMessageNotContaining("line 12: ")
        .hasMessageContaining("and 1,224 more");
  }

  @Test
  void aWrongHeaderIsToldOnce() {
    refused(
        "judge,judge_knd,prompt,pair,left,right,choice,note,note\nj,human,p,1,a,b,nonsense\n",
        "line 1: the column judge_kind is missing; did you mean judge_knd?",
        "the column \"note\" stands there twice");
    refused("", "there is no header");
    refused(HEADER + "\nj,human,p,1,a,b,\"left", "not CSV");
  }

  @Test
  void jsonLinesAreChecked() {
    String good =
        "{\"judge\":\"j\",\"judge_kind\":\"human\",\"prompt\":\"p\",\"pair\":1,\"left\":\"a\","
            + "\"right\":\"b\",\"choice\":\"tie\",\"seed\":7,\"scores\":[1,2],\"none\":null}";
    assertThat(parse("\n" + good + "\r\n"))
        .containsExactly(
            Vote.by("j", JudgeKind.HUMAN, Choice.SAME)
                .on("p", "1")
                .sides("a", "b")
                .origin(Vote.Origin.UNKNOWN.seed(7))
                .extra("scores", "[1,2]"));
    refused(
        good + "\n{\"judge\":\n" + good.replace("choice", "choise") + "\n{}[]",
        "line 2: not JSON",
        "line 3: the column choice is missing; did you mean choise?");
  }

  @Test
  void otherFilesAreRefused() {
    assertThatThrownBy(() -> Votes.read(folder.resolve("no.csv"))).hasMessageContaining("no such");
    Path other = folder.resolve("votes.xlsx");
    assertThatThrownBy(() -> Votes.write(other, List.of())).hasMessageContaining("neither .csv");
  }

  @Test
  void aChoiceChangesSides() {
    assertThat(Choice.LEFT.swapped()).isEqualTo(Choice.RIGHT);
    assertThat(Choice.RIGHT.swapped()).isEqualTo(Choice.LEFT);
    assertThat(Choice.SAME.swapped()).isEqualTo(Choice.SAME);
    assertThat(Choice.UNUSABLE.swapped()).isEqualTo(Choice.UNUSABLE);
  }
}
