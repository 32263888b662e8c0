package dev.tiebreak.trainer.evidence.statistics.votes;

import static dev.tiebreak.trainer.evidence.statistics.votes.Factor.JUDGE;
import static dev.tiebreak.trainer.evidence.statistics.votes.Factor.PROMPT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PigeonholeBootstrapTest {
  private static final List<Factor> WAYS = List.of(JUDGE, PROMPT);

  @Test
  void withOneWayItIsTheBootstrapOfClusters() {
    List<Ballot> ballots = Oracle.ballots("planned");
    PigeonholeBootstrap one =
        PigeonholeBootstrap.of(ballots, List.of(PROMPT), 4000, 0.95, 1).found().orElseThrow();
    double robust = ClusterRobust.of(ballots, List.of(PROMPT), 0.95).found().orElseThrow().se();
    assertThat(one.se()).isCloseTo(robust, within(0.06 * robust)); // 40 prompts, 4,000 draws
  }

  /**
   * Owen (2007): its variance is that of two ways plus about once or twice that of single votes.
   */
  @Test
  void withTwoWaysItIsWiderThanTheRobustOne() {
    List<Ballot> ballots = Oracle.ballots("planned");
    PigeonholeBootstrap both =
        PigeonholeBootstrap.of(ballots, WAYS, 2000, 0.95, 1).found().orElseThrow();
    double robust = ClusterRobust.of(ballots, WAYS, 0.95).found().orElseThrow().se();
    assertThat(both.se()).isBetween(robust, 1.5 * robust);
    assertThat(both.interval().contains(both.rate())).isTrue();
    assertThat(PigeonholeBootstrap.of(ballots, WAYS, 2000, 0.95, 1).found()).contains(both);
    assertThat(PigeonholeBootstrap.of(ballots, WAYS, 2000, 0.95, 2).found())
        .get()
        .isNotEqualTo(both);
  }

  @Test
  void aTableWithHolesIsDrawnAgain() {
    List<Ballot> ballots = new ArrayList<>(); // each judge has one prompt: most draws are empty
    for (int i = 0; i < 4; i++) {
      ballots.add(new Ballot(i, i, i, 0, true, i % 2 == 0 ? 1 : -1));
    }
    PigeonholeBootstrap few =
        PigeonholeBootstrap.of(ballots, WAYS, 500, 0.9, 1).found().orElseThrow();
    assertThat(few.se()).isFinite().isPositive();
  }

  @Test
  void whatCannotBeDrawnSaysWhy() {
    Ballot won = new Ballot(1, 1, 1, 1, true, 1);
    assertThat(PigeonholeBootstrap.of(List.of(), WAYS, 9, 0.9, 1).missing())
        .contains("there are no votes");
    assertThat(PigeonholeBootstrap.of(List.of(won, won), WAYS, 9, 0.9, 1).missing())
        .contains("the decisive votes have only one judge");
  }
}
