package dev.tiebreak.trainer.evidence.statistics.votes;

import static dev.tiebreak.trainer.evidence.statistics.votes.Factor.JUDGE;
import static dev.tiebreak.trainer.evidence.statistics.votes.Factor.PROMPT;
import static dev.tiebreak.trainer.evidence.statistics.votes.Factor.SEED_PAIR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterRobustTest {
  @ParameterizedTest
  @ValueSource(strings = {"planned", "crossed", "panel"})
  void twoWaysAgreeWithR(String table) {
    ClusterRobust robust = of(Oracle.ballots(table), JUDGE, PROMPT);
    Oracle.assertAgrees(robust.se(), table, "robust.judge_prompt", 1e-8);
    assertThat(robust.atLeastOneWay()).isEqualTo(!table.equals("planned"));
  }

  @Test
  void threeWaysAgreeWithR() {
    ClusterRobust robust = of(Oracle.ballots("planned"), JUDGE, PROMPT, SEED_PAIR);
    Oracle.assertAgrees(robust.se(), "planned", "robust.three", 1e-8);
    assertThat(robust.degrees()).isEqualTo(5);
    assertThat(robust.clusters()).containsExactly(60, 40, 6);
    ClusterRobust finer =
        ClusterRobust.of(
                Oracle.ballots("planned"),
                List.of(JUDGE, PROMPT, SEED_PAIR),
                0.95,
                ClusterRobust.Degrees.SATTERTHWAITE)
            .found()
            .orElseThrow();
    assertThat(finer.degrees()).isBetween(5.0, 104.0);
    assertThat(finer.se()).isEqualTo(robust.se());
  }

  /** 16 clusters of two equal votes count as 16 votes; G / (G - 1) is the usual correction. */
  @Test
  void equalVotesInAClusterCountOnce() {
    List<Ballot> ballots = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      ballots.add(new Ballot(i / 2, i, i, 0, true, i / 2 < 12 ? 1 : -1));
    }
    ClusterRobust robust = of(ballots, JUDGE);
    assertThat(robust.rate()).isEqualTo(0.75);
    assertThat(robust.se()).isCloseTo(Math.sqrt(0.75 * 0.25 / 15), within(1e-14));
    assertThat(robust.designEffect()).isCloseTo(2 * 16 / 15.0, within(1e-12));
    assertThat(robust.effectiveVotes()).isCloseTo(15, within(1e-12));
    assertThat(robust.t()).isCloseTo(0.25 / robust.se(), within(1e-12));
    assertThat(robust.interval().contains(0.75)).isTrue();
  }

  @Test
  void votesNeededGrowWithTheSquareOfTheDistance() {
    ClusterRobust robust = of(Oracle.ballots("planned"), JUDGE, PROMPT);
    long near = robust.votesNeeded(0.55, 0.05, 0.8).found().orElseThrow();
    long far = robust.votesNeeded(0.6, 0.05, 0.8).found().orElseThrow();
    assertThat(near / (double) far).isCloseTo(4, within(0.01));
    assertThat(robust.votesNeeded(0.5, 0.05, 0.8).missing()).isPresent();
    // for independent votes: (1.959964 + 0.841621)^2 * 0.25 / 0.1^2 = 196.2
    List<Ballot> apart = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      apart.add(new Ballot(i, i, i, 0, true, i % 2 == 0 ? 1 : -1));
    }
    assertThat(of(apart, JUDGE).votesNeeded(0.6, 0.05, 0.8).found()).contains(197L);
  }

  @Test
  void whatCannotBeComputedSaysWhy() {
    Ballot won = new Ballot(1, 1, 1, 1, true, 1);
    Ballot lost = new Ballot(1, 2, 2, 1, true, -1);
    Ballot tied = new Ballot(2, 2, 2, 1, true, 0);
    assertThat(reason(List.of(), JUDGE)).isEqualTo("there are no votes");
    assertThat(reason(List.of(tied), JUDGE)).isEqualTo("all votes are ties");
    assertThat(reason(List.of(won, won), JUDGE)).contains("same way");
    assertThat(reason(List.of(won, lost, tied), JUDGE, PROMPT)).contains("only one judge");
  }

  private static String reason(List<Ballot> ballots, Factor... ways) {
    return ClusterRobust.of(ballots, List.of(ways), 0.95).missing().orElseThrow();
  }

  private static ClusterRobust of(List<Ballot> ballots, Factor... ways) {
    return ClusterRobust.of(ballots, List.of(ways), 0.95).found().orElseThrow();
  }
}
