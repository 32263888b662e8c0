package dev.tiebreak.trainer.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rates drawn to the mean, and null distributions. */
class ShrinkageTest {
  private static Shrinkage of(Map<Integer, Tally> tallies) {
    return Shrinkage.of(tallies).found().orElseThrow();
  }

  @Test
  void clustersThatDifferNoMoreThanByChanceAreAllAtTheMean() {
    Shrinkage rates = of(Map.of(0, new Tally(5, 5, 0), 1, new Tally(6, 4, 3)));
    assertThat(rates.sd()).isZero();
    assertThat(rates.levels().values())
        .allSatisfy(level -> assertThat(level.shrunk()).isCloseTo(0.55, within(1e-12)));
  }

  /** By hand: weights 400, q = 32, sum 800, scale 400, variance (32 - 1) / 400. */
  @Test
  void clustersThatDifferAreDrawnToTheMeanByTheirOwnError() {
    Shrinkage rates = of(Map.of(0, new Tally(70, 30, 0), 1, new Tally(30, 70, 0)));
    double variance = (32 - 1) / 400.0;
    assertThat(rates.sd()).isCloseTo(Math.sqrt(variance), within(1e-12));
    double share = variance / (variance + 0.25 / 100);
    assertThat(rates.levels().get(0).shrunk()).isCloseTo(0.5 + 0.2 * share, within(1e-12));
    assertThat(rates.levels().get(0).raw()).isEqualTo(0.7);
  }

  @Test
  void clustersWithoutDecisiveVotesHaveNoRate() {
    assertThat(of(Map.of(0, new Tally(3, 1, 0), 1, new Tally(0, 0, 4))).levels())
        .containsOnlyKeys(0);
    assertThat(Shrinkage.of(Map.of(0, new Tally(0, 0, 4))).missing())
        .contains("all votes are ties");
  }

  @Test
  void independentVotesScatterAsTheBinomialDoes() {
    double[] rates = NullDistribution.independent(100, 20_000, 1);
    Sample sample = Sample.of(rates);
    assertThat(sample.mean()).isCloseTo(0.5, within(0.002));
    assertThat(sample.sd()).isCloseTo(0.05, within(0.001));
    assertThat(rates).isSorted();
  }

  @Test
  void wholeClustersScatterMore() {
    List<Ballot> ballots = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      ballots.add(new Ballot(i, i % 4, i % 4, 0, true, i % 4 < 2 ? 1 : -1)); // prompts agree
    }
    double[] rates =
        NullDistribution.clustered(ballots, Factor.PROMPT, 20_000, 1).found().orElseThrow();
    assertThat(Sample.of(rates).sd()).isCloseTo(0.25, within(0.003)); // of 4 votes
    assertThat(rates[0]).isEqualTo(0.0);
  }
}
