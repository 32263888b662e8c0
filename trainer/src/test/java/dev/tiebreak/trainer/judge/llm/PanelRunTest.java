package dev.tiebreak.trainer.judge.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.trainer.ballot.Choice;
import dev.tiebreak.trainer.ballot.JudgeKind;
import dev.tiebreak.trainer.ballot.Vote;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.judge.llm.MisbehavingServer.Behaviour;
import dev.tiebreak.trainer.judge.llm.MisbehavingServer.Request;
import dev.tiebreak.trainer.judge.llm.PanelLab.Done;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is asked, and what becomes of each kind of reply. */
@Timeout(60)
class PanelRunTest {
  @TempDir Path folder;

  private PanelLab lab(Function<Request, Behaviour> behaviour) throws IOException {
    return new PanelLab(folder, behaviour);
  }

  @Test
  void eachPairIsShownInBothOrders() throws IOException {
    try (PanelLab lab = lab(PanelLab::good)) {
      Done done = lab.run(PanelLab.pairs(6), null, lab.free("m"), lab.free("n"));
      assertThat(lab.requests()).hasSize(24);
      assertThat(lab.bodies()).doesNotHaveDuplicates();
      Request request = lab.requests().getFirst();
      assertThat(request.head())
          .startsWith("POST /v1/chat/completions HTTP/1.1")
          .contains("Authorization: Bearer " + PanelLab.KEY);
      assertThat(request.json().get("temperature").doubleValue()).isZero();
      assertThat(request.json().get("max_tokens").intValue()).isEqualTo(100);
      assertThat(done.votes()).hasSize(12);
      assertThat(done.vote("x0").choice()).isEqualTo(Choice.LEFT);
      Vote vote = done.vote("x1");
      assertThat(vote)
          .isEqualTo(
              Vote.by("m", JudgeKind.MODEL, Choice.RIGHT)
                  .on("p1", "x1")
                  .sides("b1", "g1")
                  .vendor("vendor")
                  .at(vote.when().at().orElseThrow())
                  .extra("raw_first", "right")
                  .extra("raw_second", "left")
                  .extra("consistent", "true")
                  .extra("model", "m-1")
                  .extra("rubric_sha256", Rubric.hash()));
      assertThat(done.judge().votes()).isEqualTo(6);
      assertThat(done.judge().consistent()).isEqualTo(6);
      assertThat(done.judge().ended()).isEmpty();
    }
  }

  @Test
  void aVerdictThatDoesNotSurviveTheSwapIsATie() throws IOException {
    try (PanelLab lab = lab(_ -> PanelLab.verdict("left"))) {
      Done done = lab.run(PanelLab.pairs(2), null, lab.free("m"));
      assertThat(done.votes())
          .hasSize(2)
          .allSatisfy(vote -> {
            assertThat(vote.choice()).isEqualTo(Choice.SAME);
            assertThat(vote.extra())
                .containsEntry("raw_first", "left")
                .containsEntry("raw_second", "left")
                .containsEntry("consistent", "false");
          });
      assertThat(done.judge().consistent()).isZero();
    }
  }

  @Test
  void verdictsOnBothTextsSurviveTheSwap() throws IOException {
    try (PanelLab lab = lab(_ -> PanelLab.verdict("unusable"))) {
      Done done = lab.run(PanelLab.pairs(1), null, lab.free("m"));
      assertThat(done.vote("x0").choice()).isEqualTo(Choice.UNUSABLE);
      assertThat(done.vote("x0").extra()).containsEntry("consistent", "true");
    }
  }

  @Test
  void anAnswerOfAWrongFormatIsAskedForOnceMore() throws IOException {
    try (PanelLab lab =
        lab(request ->
            request.isAboutFormat()
                ? PanelLab.good(request)
                : MisbehavingServer.says("Left, of course.", 9, 9))) {
      Done done = lab.run(PanelLab.pairs(3), null, lab.free("m"));
      assertThat(done.votes()).hasSize(3);
      assertThat(done.vote("x1").choice()).isEqualTo(Choice.RIGHT);
      assertThat(lab.requests()).hasSize(12);
      Request again =
          lab.requests().stream().filter(Request::isAboutFormat).findFirst().orElseThrow();
      assertThat(again.json().get("messages"))
          .extracting(message -> message.get("role").stringValue())
          .containsExactly("user", "assistant", "user");
      assertThat(again.body()).contains("Left, of course.", "exactly one line");
    }
  }

  @Test
  void whoRefusesTwiceHasNoVoteAndIsNotAskedAgain() throws IOException {
    try (PanelLab lab = lab(_ -> MisbehavingServer.says("I cannot judge this.", 9, 9))) {
      Done done = lab.run(PanelLab.pairs(2), null, lab.free("m"));
      assertThat(done.votes()).isEmpty();
      assertThat(done.judge().withoutVerdict()).isEqualTo(2);
      assertThat(done.judge().ended()).isEmpty();
      assertThat(lab.requests()).hasSize(8); // 2 pairs x 2 orders x 2
      lab.run(PanelLab.pairs(2), null, lab.free("m"));
      assertThat(lab.requests()).hasSize(8);
    }
  }

  @Test
  void aBusyServerIsAskedLater() throws IOException {
    try (PanelLab lab =
        lab(request ->
            switch (request.number()) {
              case 1 -> MisbehavingServer.status(429, "Retry-After: 7", "{}");
              case 2 -> MisbehavingServer.status(500, "", "<html>");
              case 3 -> MisbehavingServer.status(503, "Retry-After: x", "");
              default -> PanelLab.good(request);
            })) {
      Done done = lab.run(PanelLab.pairs(2), "1", lab.judge("m", 2, 3, 1));
      assertThat(done.votes()).hasSize(2);
      assertThat(lab.requests()).hasSize(7);
      assertThat(lab.pauses).hasSize(3);
      assertThat(lab.pauses.get(0).toMillis()).isBetween(7_500L, 8_000L);
      assertThat(lab.pauses.get(1).toMillis()).isBetween(1_000L, 2_000L);
      assertThat(lab.pauses.get(2).toMillis()).isBetween(2_000L, 4_000L);
      assertThat(done.replies()).hasSize(4).noneMatch(Reply::lost);
      assertThat(done.judge().cost()).isEqualByComparingTo("0.008092"); // 4 (1001 x 2 + 7 x 3) / M
    }
  }

  @Test
  void aReplyThatIsLostIsAskedForAgainAndMayHaveBeenCharged() throws IOException {
    String cut = MisbehavingServer.completion("{\"choice\":\"left\"}", 9, 9).substring(0, 40);
    try (PanelLab lab =
        lab(request ->
            switch (request.number()) {
              case 1 -> new Behaviour.Reset();
              case 2 -> new Behaviour.Cut(cut);
              case 3 -> MisbehavingServer.status(200, "", cut);
              case 4 -> new Behaviour.Stall();
              case 5 -> MisbehavingServer.status(200, "", "{\"error\":\"overloaded\"}");
              default -> PanelLab.good(request);
            })) {
      LlmJudge judge = lab.judge("m", 2, 3, 1);
      Done done = lab.run(PanelLab.pairs(1), "1", judge);
      assertThat(done.vote("x0").choice()).isEqualTo(Choice.LEFT);
      assertThat(lab.requests()).hasSize(7);
      assertThat(done.replies()).filteredOn(Reply::lost).hasSize(5);
      BigDecimal most = judge.cost(Question.mostTokens(lab.bodies().getFirst()), 100);
      BigDecimal sure = judge.cost(PanelLab.TOKENS_IN, PanelLab.TOKENS_OUT);
      BigDecimal five = new BigDecimal(5);
      BigDecimal two = new BigDecimal(2);
      assertThat(done.judge().uncertain()).isEqualByComparingTo(most.multiply(five));
      assertThat(done.judge().cost())
          .isEqualByComparingTo(most.multiply(five).add(sure.multiply(two)));
    }
  }

  @Test
  void aJudgeThatFailsEndsAloneAndGoesOnNextTime() throws IOException {
    boolean[] isUp = {false};
    try (PanelLab lab =
        lab(request ->
            request.model().equals("down-1") && !isUp[0]
                ? MisbehavingServer.status(500, "", "")
                : PanelLab.good(request))) {
      LlmJudge down = lab.judge("down", 0, 0, 1);
      Done done = lab.run(PanelLab.pairs(3), null, down, lab.free("up"));
      assertThat(done.judge().ended()).hasValue("HTTP 500, 6 times in a row");
      assertThat(done.judges().getLast().votes()).isEqualTo(3);
      assertThat(lab.requests()).hasSize(6 + 6);
      isUp[0] = true;
      assertThat(lab.run(PanelLab.pairs(3), null, down, lab.free("up")).votes()).hasSize(6);
      assertThat(lab.requests()).hasSize(6 + 6 + 6);
    }
  }

  @Test
  void aKeyIsNeverKept() throws IOException {
    try (PanelLab lab =
        lab(request ->
            request.model().equals("wrong-1")
                ? MisbehavingServer.status(401, "", "no such key: " + PanelLab.KEY)
                : request.model().equals("odd-1")
                    ? MisbehavingServer.status(400, "", "bad request with " + PanelLab.KEY)
                    : MisbehavingServer.says(PanelLab.KEY + " {\"choice\":\"same\"}", 1, 1))) {
      Done done =
          lab.run(PanelLab.pairs(1), null, lab.free("wrong"), lab.free("odd"), lab.free("echo"));
      assertThat(done.judges().get(0).ended()).hasValue("HTTP 401; check the key in LAB_KEY");
      assertThat(done.judges().get(1).ended().orElseThrow())
          .startsWith("HTTP 400: bad request with [key]");
      assertThat(done.judges().get(2).votes()).isEqualTo(1);
      assertThat(Files.readString(folder.resolve(ReplyLog.NAME)))
          .contains("[key]")
          .doesNotContain(PanelLab.KEY);
    }
  }

  @Test
  void asManyQuestionsAreOnTheirWayAsTheJudgeAllows() throws IOException {
    CountDownLatch three = new CountDownLatch(3);
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (PanelLab lab =
        lab(request -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          three.countDown();
          try {
            three.await(); // the first three meet here
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          now.decrementAndGet();
          return PanelLab.good(request);
        })) {
      Done done = lab.run(PanelLab.pairs(10), null, lab.judge("m", 0, 0, 3));
      assertThat(done.votes()).hasSize(10);
      assertThat(most).hasValue(3);
    }
  }

  @Test
  void aServerThatAsksForHoursEndsItsJudge() throws IOException {
    try (PanelLab lab = lab(_ -> MisbehavingServer.status(429, "Retry-After: 7200", ""))) {
      Done done = lab.run(PanelLab.pairs(1), null, lab.judge("m", 0, 0, 1));
      assertThat(done.judge().ended().orElseThrow()).contains("HTTP 429", "asks to wait 7,20");
      assertThat(lab.pauses).isEmpty();
    }
  }

  @Test
  void wrongPanelsAreRefusedBeforeAnythingIsAsked() throws IOException {
    try (PanelLab lab = lab(PanelLab::good)) {
      assertThatThrownBy(() -> lab.run(PanelLab.pairs(1), null, lab.judge("m", 1, 1, 1)))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("say what may be spent");
      assertThat(lab.requests()).isEmpty();
      lab.run(PanelLab.pairs(2), null, lab.free("m"));
      LlmJudge other = lab.judge("m", 0, 0, 1);
      LlmJudge hotter =
          new LlmJudge(
              "m",
              other.vendor(),
              other.baseUrl(),
              other.model(),
              "",
              0,
              0,
              true,
              0.5,
              100,
              other.limitName(),
              1,
              1);
      assertThatThrownBy(() -> lab.run(PanelLab.pairs(2), null, hotter))
          .hasMessageContainingAll("judge m", "new name");
      assertThatThrownBy(() -> lab.run(List.of(PanelLab.pairs(1).getFirst()), null, other))
          .hasMessageContainingAll("about pair x1", "not among the pairs");
      assertThat(lab.requests()).hasSize(4);
    }
  }
}
