package dev.tiebreak.trainer.evidence.statistics.votes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.trainer.evidence.statistics.Randomness;
import dev.tiebreak.trainer.evidence.statistics.fit.Logistic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogisticTest {
  @ParameterizedTest
  @ValueSource(strings = {"planned", "crossed", "panel"})
  void regressionAndClusteredErrorsAgreeWithR(String table) {
    List<Ballot> decisive = Oracle.ballots(table).stream().filter(Ballot::isDecisive).toList();
    double[][] x = new double[decisive.size()][];
    boolean[] y = new boolean[x.length];
    for (int i = 0; i < x.length; i++) {
      Ballot ballot = decisive.get(i);
      x[i] = new double[] {1, ballot.treatmentLeft() ? 0.5 : -0.5, ballot.prompt() % 7};
      y[i] = ballot.outcome() > 0;
    }
    Logistic fit = Logistic.of(x, y, Factor.PROMPT.compact(decisive)).found().orElseThrow();
    for (int k = 0; k < 3; k++) {
      Oracle.assertAgrees(fit.coefficients()[k], table, "logistic.b" + k, 1e-6);
      Oracle.assertAgrees(fit.se(k), table, "logistic.se" + k, 1e-5);
    }
  }

  @Test
  void separationIsSeen() {
    double[][] x = {{1, 0}, {1, 1}, {1, 2}, {1, 3}};
    boolean[] y = {false, false, true, true};
    int[] cluster = {0, 1, 2, 3};
    assertThat(Logistic.of(x, y, cluster).missing()).get().asString().contains("separates");
    double[][] twice = {{1, 2}, {1, 2}, {1, 2}, {1, 2}};
    assertThat(Logistic.of(twice, y, cluster).missing())
        .get()
        .asString()
        .contains("do not vary apart");
  }

  /** The treatment wins only by being longer: with lengths equal, the rate is one half. */
  @Test
  void theControlledRateTakesOutLength() {
    RandomGenerator random = Randomness.of(3);
    List<Ballot> ballots = new ArrayList<>();
    double[][] differences = new double[4000][1];
    for (int i = 0; i < differences.length; i++) {
      differences[i][0] = 20 + 40 * random.nextGaussian();
      double sd = Math.sqrt(20 * 20 + 40 * 40);
      double chance = Logistic.chance(2 * Math.tanh(differences[i][0] / sd));
      boolean won = random.nextDouble() < chance;
      ballots.add(new Ballot(i % 40, i % 100, i % 200, 0, true, i % 5 == 0 ? 0 : won ? 1 : -1));
    }
    ControlledRate rate =
        ControlledRate.of(ballots, List.of("length"), differences, 0.95).found().orElseThrow();
    assertThat(rate.raw()).isGreaterThan(0.6);
    assertThat(rate.interval().contains(0.5)).isTrue();
    assertThat(rate.interval().contains(rate.raw())).isFalse();
    assertThat(rate.slopes().get(0)).isCloseTo(2, within(4 * rate.slopeErrors().get(0)));
    assertThat(rate.p()).isGreaterThan(0.05);
  }

  @Test
  void theControlledRateSaysWhatItLacks() {
    List<Ballot> ballots = Oracle.ballots("planned");
    double[][] none = new double[ballots.size()][1];
    assertThat(ControlledRate.of(ballots, List.of("length"), none, 0.95).missing())
        .contains("the length differs nowhere");
    assertThat(ControlledRate.of(List.of(), List.of("length"), new double[0][], 0.95).missing())
        .contains("there are no votes");
    assertThatThrownBy(() -> ControlledRate.of(ballots, List.of("length"), new double[2][1], 0.95))
        .hasMessageContaining("and 2 differences");
  }

  @Test
  void driftIsFoundWhereItIs() {
    RandomGenerator random = Randomness.of(4);
    List<Ballot> ballots = new ArrayList<>();
    double[] times = new double[3000];
    for (int i = 0; i < times.length; i++) {
      times[i] = 1.7e9 + 1000.0 * i;
      double chance = Logistic.chance(1 - 2.0 * i / times.length);
      ballots.add(
          new Ballot(i % 30, i % 50, i % 50, 0, true, random.nextDouble() < chance ? 1 : -1));
    }
    Drift drift = Drift.of(ballots, times).found().orElseThrow();
    assertThat(drift.change()).isCloseTo(-2, within(4 * drift.se()));
    assertThat(drift.early()).isCloseTo(0.73, within(0.06));
    assertThat(drift.late()).isCloseTo(0.27, within(0.06));
    assertThat(drift.p()).isLessThan(1e-6);
    Arrays.fill(times, 5);
    assertThat(Drift.of(ballots, times).missing()).contains("all votes have the same time");
    assertThat(Drift.of(List.of(), new double[0]).missing()).contains("there are no votes");
  }
}
