package dev.tiebreak.trainer.evidence.statistics.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.trainer.evidence.statistics.power.PowerSimulation.Design;
import dev.tiebreak.trainer.evidence.statistics.votes.Ballot;
import dev.tiebreak.trainer.evidence.statistics.votes.ClusterRobust;
import dev.tiebreak.trainer.evidence.statistics.votes.Factor;
import dev.tiebreak.trainer.evidence.statistics.votes.Tally;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VoteSimulationTest {
  private static final Design DESIGN = Design.usual(6, 64, 2, 3, 0.6, 0.05);

  @Test
  void theLayoutIsThatOfAStudy() {
    List<Ballot> ballots = new VoteSimulation(DESIGN, 0, 1).draw();
    assertThat(ballots).hasSize(6 * 64 * 2 * 3);
    assertThat(Factor.JUDGE.count(ballots)).isEqualTo(72);
    assertThat(Factor.PROMPT.count(ballots)).isEqualTo(64);
    assertThat(Factor.SEED_PAIR.count(ballots)).isEqualTo(6);
    assertThat(Tally.by(Factor.COMPLETION, ballots).values())
        .hasSize(768)
        .allMatch(tally -> tally.total() == 3);
    Set<Long> seen = new HashSet<>();
    assertThat(ballots).allMatch(b -> seen.add((long) b.judge() << 32 | b.prompt()));
    long left = ballots.stream().filter(Ballot::treatmentLeft).count();
    assertThat(left / 2304.0).isCloseTo(0.5, within(0.02));
    assertThat(new VoteSimulation(DESIGN, 0, 1).draw()).isEqualTo(ballots);
  }

  @Test
  void theMeanChanceIsThatOfManyStudies() {
    VoteSimulation simulation = new VoteSimulation(DESIGN, 0, 2);
    Tally all = Tally.NONE;
    for (int study = 0; study < 100; study++) {
      all = all.plus(Tally.of(simulation.draw()));
    }
    double chance = VoteSimulation.meanChance(DESIGN);
    assertThat(chance).isBetween(0.58, 0.6);
    assertThat(all.rate().found().orElseThrow()).isCloseTo(chance, within(0.012));
    assertThat(all.tieShare().found().orElseThrow()).isCloseTo(0.34, within(0.005));
    assertThat(VoteSimulation.meanChance(VoteSimulation.withMeanChance(DESIGN, 0.6)))
        .isCloseTo(0.6, within(1e-9));
    assertThat(VoteSimulation.meanChance(DESIGN.withRate(0.5))).isCloseTo(0.5, within(1e-12));
  }

  /** One pair of models, one pair of texts for each prompt, as the original had. */
  @ParameterizedTest
  @CsvSource({"32, 12, 0.48", "64, 12, 0.75", "100, 12, 0.89"})
  void thePowerOfClusteredVotesIsThatOfTheDesignStudy(int prompts, int judges, double expected) {
    Design design = new Design(1, prompts, 1, judges, prompts, 0.66, 0.6, 0, 0.24, 1, 0.06);
    VoteSimulation simulation = new VoteSimulation(design, 0, 1);
    int found = 0;
    for (int study = 0; study < 400; study++) {
      double p = ClusterRobust.allWays(simulation.draw(), 0.95).found().orElseThrow().p();
      found += p < 0.05 ? 1 : 0;
    }
    assertThat(found / 400.0)
        .isCloseTo(expected, within(0.09)); // both are simulated, ours with 400
  }

  @Test
  void aJudgeSeesNoPromptTwice() {
    assertThatThrownBy(() -> new VoteSimulation(Design.usual(1, 20, 1, 1, 0.5, 0), 0, 1))
        .hasMessageContaining("32 items of 20 prompts");
  }
}
