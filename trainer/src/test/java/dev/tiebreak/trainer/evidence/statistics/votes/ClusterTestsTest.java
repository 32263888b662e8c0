package dev.tiebreak.trainer.evidence.statistics.votes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.trainer.evidence.statistics.paired.SignFlip;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterTestsTest {
  @ParameterizedTest
  @ValueSource(strings = {"planned", "crossed", "panel"})
  void theyAgreeWithR(String table) {
    List<Ballot> ballots = Oracle.ballots(table);
    ClusterTests prompts =
        ClusterTests.of(Factor.PROMPT, ballots, 100_000, 1).found().orElseThrow();
    Oracle.assertAgrees(prompts.sign(), table, "sign.p", 1e-8);
    Oracle.assertAgrees(prompts.wilcoxon(), table, "wilcoxon.p", 1e-6);
    assertThat(prompts.flip().exact()).isFalse();
    assertFlip(prompts, table);
    assertFlip(ClusterTests.of(Factor.JUDGE, ballots, 100_000, 1).found().orElseThrow(), table);
  }

  private static void assertFlip(ClusterTests tests, String table) {
    double p = Oracle.value(table, "flip." + tests.factor().toString().toLowerCase(Locale.ROOT));
    SignFlip flip = tests.flip();
    double error = flip.exact() ? 0 : 4 * Math.sqrt(p * (1 - p) * (1 / 1e5 + 1 / 2e5)) + 2e-5;
    assertThat(flip.p()).as(table + " " + tests.factor()).isCloseTo(p, within(error));
  }

  @Test
  void fewJudgesAreTestedExactly() {
    ClusterTests judges =
        ClusterTests.of(Factor.JUDGE, Oracle.ballots("panel"), 10, 1).found().orElseThrow();
    assertThat(judges.flip().exact()).isTrue();
    assertThat(judges.flip().patterns()).isEqualTo(512);
    Oracle.assertAgrees(judges.flip().p(), "panel", "flip.judge", 1e-9);
  }

  /** 26 of 32 prompts one way: the sign test of the published figure. */
  @Test
  void promptsCountOnceInTheSignTest() {
    List<Ballot> ballots = new ArrayList<>();
    for (int prompt = 0; prompt < 33; prompt++) {
      for (int vote = 0; vote < 2; vote++) {
        int outcome = prompt == 32 ? 2 * vote - 1 : prompt < 26 ? 1 : -1;
        ballots.add(new Ballot(vote, prompt, prompt, 0, true, outcome));
      }
    }
    ClusterTests tests = ClusterTests.of(Factor.PROMPT, ballots, 1000, 1).found().orElseThrow();
    assertThat(List.of(tests.above(), tests.below(), tests.even())).containsExactly(26, 6, 1);
    assertThat(tests.sign()).isCloseTo(5.351e-4, within(5e-8));
  }

  /** By hand: all 2^n signs of the ranks, with the mean of ranks where sizes are equal. */
  @Test
  void ranksOfFewPromptsAreTestedExactlyAlsoWhereTheyAreEqual() {
    assertThat(ClusterTests.wilcoxon(new double[] {1, 1, 1, 1, 1})).isEqualTo(2 / 32.0);
    assertThat(ClusterTests.wilcoxon(new double[] {1, 1, 2, -1, 0})).isEqualTo(8 / 16.0);
    assertThat(ClusterTests.wilcoxon(new double[] {3, -1, 4, 2})).isEqualTo(4 / 16.0);
  }

  @Test
  void whatCannotBeTestedSaysWhy() {
    Ballot won = new Ballot(1, 1, 1, 1, true, 1);
    Ballot lost = new Ballot(2, 1, 1, 1, true, -1);
    Ballot tied = new Ballot(1, 2, 2, 1, true, 0);
    assertThat(reason(List.of())).isEqualTo("there are no votes");
    assertThat(reason(List.of(tied, tied))).isEqualTo("all votes are ties");
    assertThat(reason(List.of(won))).isEqualTo("there is only one prompt");
    assertThat(reason(List.of(won, lost, tied)))
        .isEqualTo("each prompt has as many wins as losses");
  }

  private static String reason(List<Ballot> ballots) {
    return ClusterTests.of(Factor.PROMPT, ballots, 10, 1).missing().orElseThrow();
  }
}
