package dev.tiebreak.trainer.study.votes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.trainer.ballot.protocol.JudgingPlan;
import dev.tiebreak.trainer.ballot.protocol.Protocol;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.evidence.report.Rules;
import dev.tiebreak.trainer.judge.JudgeSettings;
import dev.tiebreak.trainer.judge.JudgeStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JudgedFolderTest {
  private static final String HEADER = "judge,judge_kind,prompt,pair,left,right,choice\n";

  @TempDir Path path;

  private JudgedFolder folder() throws IOException {
    Files.writeString(
        path.resolve("pairs.jsonl"),
        "{\"pair\":\"1\",\"prompt\":\"p\",\"prompt_text\":\"Once\",\"left_id\":\"a\",\"left\":\"upon\","
            + "\"right_id\":\"b\",\"right\":\"more\"}\n");
    return new JudgedFolder(path);
  }

  @Test
  void withoutAPlanThereAreTheUsualRulesEverywhere() throws IOException {
    JudgingPlan usual = Protocol.usual().judging();
    assertThat(usual).isEqualTo(new JudgingPlan(3, 32, 3, 2, 1, 3, 40, 0.9, 0.8, 8));
    assertThat(Rules.usual().judging()).isEqualTo(usual);
    assertThat(folder().plan()).isEmpty();
    try (JudgeStore store = folder().open(UnaryOperator.identity())) {
      assertThat(store.settings()).isEqualTo(JudgeSettings.of(usual));
    }
  }

  @Test
  void settingsAreFixedWhenJudgingBegins() throws IOException {
    UnaryOperator<JudgeSettings> two =
        planned -> new JudgeSettings(2, 1, 0, 0, planned.seed(), planned.abandonedAfter());
    assertThatThrownBy(() -> folder().openBegun())
        .isInstanceOf(UserError.class)
        .hasMessageContaining("nothing is judged in " + path);
    folder().open(two).close();
    try (JudgeStore store = folder().openBegun()) {
      assertThat(store.settings().judgmentsPerPair()).isEqualTo(2);
    }
    folder().open(two).close();
    assertThatThrownBy(() ->
            folder()
                .open(begun -> new JudgeSettings(3, 1, 0, 0, begun.seed(), begun.abandonedAfter())))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("was begun with other numbers");
  }

  @Test
  void votesThatWereCollectedGoBeforeATable() throws IOException {
    JudgedFolder folder = folder();
    assertThatThrownBy(folder::votes)
        .isInstanceOf(UserError.class)
        .hasMessageContaining("there are no votes in " + path);
    Files.writeString(path.resolve(JudgedFolder.TABLE), HEADER + "ann,human,p,1,a,b,left\n");
    assertThat(folder.votes())
        .singleElement()
        .extracting(vote -> vote.judge().id())
        .isEqualTo("ann");
    Files.writeString(
        path.resolve("votes.jsonl"),
        "{\"judge\":\"bob\",\"judge_kind\":\"scripted\",\"prompt\":\"p\",\"pair\":\"1\","
            + "\"left\":\"a\",\"right\":\"b\",\"choice\":\"right\"}\n");
    assertThat(folder.votes())
        .singleElement()
        .extracting(vote -> vote.judge().id())
        .isEqualTo("bob");
  }
}
