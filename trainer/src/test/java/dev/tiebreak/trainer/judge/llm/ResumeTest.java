package dev.tiebreak.trainer.judge.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.trainer.ballot.JudgedPair;
import dev.tiebreak.trainer.ballot.Vote;
import dev.tiebreak.trainer.ballot.Votes;
import dev.tiebreak.trainer.judge.llm.PanelLab.Done;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is paid for is asked once, and no more is paid than is allowed. */
@Timeout(60)
class ResumeTest {
  private static final List<JudgedPair> PAIRS = PanelLab.pairs(10);

  @TempDir Path folder;

  @Test
  void aStoppedRunGoesOnWithoutAskingTwice() throws IOException {
    try (PanelLab lab = new PanelLab(folder, PanelLab::good)) {
      LlmJudge judge = lab.judge("m", 1, 1, 3);
      try (ReplyLog log = ReplyLog.open(folder.resolve(ReplyLog.NAME))) {
        AtomicReference<PanelRun> run = new AtomicReference<>();
        Runnable stopAtFive =
            () -> {
              if (log.all().size() >= 5) {
                run.get().stop();
              }
            };
        run.set(lab.panelRun(PAIRS, "9", log, stopAtFive, judge));
        run.get().run();
        assertThat(log.all()).hasSizeBetween(5, 8); // those on their way came too
      }
      // a kill while a reply is written
      Path file = folder.resolve(ReplyLog.NAME);
      Files.writeString(file, "{\"judge\":\"m\",\"pai", StandardOpenOption.APPEND);
      Done done = lab.run(PAIRS, "9", judge);
      assertThat(done.votes()).hasSize(10);
      assertThat(lab.bodies()).hasSize(20).doesNotHaveDuplicates();
      assertThat(done.judge().cost()).isEqualByComparingTo("0.02016"); // 20 x 1008 / 1,000,000
      lab.run(PAIRS, "9", judge);
      assertThat(lab.bodies()).hasSize(20);
    }
  }

  @Test
  void repliesAloneGiveTheSameVotes() throws IOException {
    Path file = folder.resolve(ReplyLog.NAME);
    List<Vote> votes;
    try (PanelLab lab = new PanelLab(folder, PanelLab::good)) {
      votes = lab.run(PAIRS, null, lab.free("m"), lab.free("n")).votes();
    }
    String table = Votes.format(votes, Votes.Format.JSONL);
    try (ReplyLog log = ReplyLog.open(file)) {
      assertThat(Votes.format(Verdicts.votes(log), Votes.Format.JSONL)).isEqualTo(table);
    }
    List<String> lines = Files.readAllLines(file); // in another order
    Collections.reverse(lines);
    Files.writeString(file, lines.stream().map(line -> line + "\n").collect(Collectors.joining()));
    try (ReplyLog log = ReplyLog.open(file)) {
      assertThat(Votes.format(Verdicts.votes(log), Votes.Format.JSONL)).isEqualTo(table);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8})
  void theLastRequestIsTheLastThatTheBudgetCovers(int concurrency) throws IOException {
    try (PanelLab lab = new PanelLab(folder, PanelLab::good)) {
      LlmJudge judge = lab.judge("m", 2, 3, concurrency);
      BigDecimal each = judge.cost(PanelLab.TOKENS_IN, PanelLab.TOKENS_OUT);
      String body = Question.of(judge, PAIRS.getFirst(), 1).body(); // all are of one length
      BigDecimal most = judge.cost(Question.mostTokens(body), judge.maxTokens());
      assertThat(most).isGreaterThan(each);
      BigDecimal budget = each.multiply(BigDecimal.valueOf(6)).add(most); // the seventh just fits
      Done done = lab.run(PAIRS, budget.toPlainString(), judge);
      assertThat(lab.requests()).hasSize(7);
      assertThat(done.judge().cost()).isEqualByComparingTo(each.multiply(BigDecimal.valueOf(7)));
      assertThat(done.judge().ended()).hasValue("the budget does not cover another request");
      // the next run counts what was spent, to the last digit
      BigDecimal more = each.multiply(BigDecimal.valueOf(7)).add(most);
      BigDecimal justLess = more.subtract(new BigDecimal("0.000001"));
      lab.run(PAIRS, justLess.toPlainString(), judge);
      assertThat(lab.requests()).hasSize(7);
      lab.run(PAIRS, more.toPlainString(), judge);
      assertThat(lab.requests()).hasSize(8);
      assertThat(lab.bodies()).doesNotHaveDuplicates();
    }
  }

  @Test
  void aReplyWithoutUsageCountsAsTheMostItCanCost() throws IOException {
    String reply = "{\"choices\":[{\"message\":{\"content\":\"{\\\"choice\\\":\\\"same\\\"}\"}}]}";
    try (PanelLab lab = new PanelLab(folder, _ -> MisbehavingServer.status(200, "", reply))) {
      LlmJudge judge = lab.judge("m", 2, 3, 1);
      Done done = lab.run(PanelLab.pairs(1), "9", judge);
      BigDecimal most = judge.cost(Question.mostTokens(lab.bodies().getFirst()), 100);
      assertThat(done.judge().cost()).isEqualByComparingTo(most.add(most));
    }
  }

  @Test
  void aDamagedLineIsNamed() throws IOException {
    Path file = folder.resolve(ReplyLog.NAME);
    Files.writeString(file, "{\"judge\":\"m\"}\n");
    assertThatThrownBy(() -> ReplyLog.open(file))
        .hasMessageContainingAll("line 1: ", "is missing", "they are asked again");
  }
}
