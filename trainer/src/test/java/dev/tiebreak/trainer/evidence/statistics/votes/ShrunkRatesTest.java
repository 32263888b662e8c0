package dev.tiebreak.trainer.evidence.statistics.votes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.trainer.evidence.statistics.Randomness;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ShrunkRatesTest {
  @Test
  void theSpreadIsFoundAndTheRatesComeNearerToTheTruth() {
    RandomGenerator random = Randomness.of(7);
    double[] truth = new double[500];
    List<Ballot> ballots = new ArrayList<>();
    double meanSquare = 0;
    for (int judge = 0; judge < truth.length; judge++) {
      truth[judge] = 0.35 + 0.5 * random.nextDouble();
      meanSquare += (truth[judge] - 0.6) * (truth[judge] - 0.6) / truth.length;
      for (int vote = 0; vote < 4 + judge % 9; vote++) {
        boolean won = random.nextDouble() < truth[judge];
        ballots.add(new Ballot(judge, vote, vote, 0, true, won ? 1 : -1));
      }
    }
    ShrunkRates rates = ShrunkRates.of(Factor.JUDGE, ballots).found().orElseThrow();
    assertThat(rates.sd()).isCloseTo(Math.sqrt(meanSquare), within(0.03));
    double raw = 0;
    double shrunk = 0;
    for (int judge = 0; judge < truth.length; judge++) {
      ShrunkRates.Level level = rates.levels().get(judge);
      raw += Math.pow(level.rate() - truth[judge], 2);
      shrunk += Math.pow(level.shrunk() - truth[judge], 2);
      assertThat(Math.abs(level.shrunk() - rates.rate()))
          .isLessThanOrEqualTo(Math.abs(level.rate() - rates.rate()) + 1e-12);
    }
    assertThat(shrunk).isLessThan(0.6 * raw);
  }

  @Test
  void withoutSpreadAllHaveTheCommonRate() {
    List<Ballot> ballots = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      ballots.add(new Ballot(i / 4, i, i, 0, true, i % 2 == 0 ? 1 : -1));
    }
    ShrunkRates rates = ShrunkRates.of(Factor.JUDGE, ballots).found().orElseThrow();
    assertThat(rates.sd()).isZero();
    assertThat(rates.levels().values()).allMatch(level -> level.shrunk() == 0.5);
    Ballot one = new Ballot(1, 1, 1, 1, true, 1);
    assertThat(ShrunkRates.of(Factor.JUDGE, List.of(one)).found().orElseThrow().levels().get(1))
        .isEqualTo(new ShrunkRates.Level(new Tally(1, 0, 0), 1, 1));
    assertThat(ShrunkRates.of(Factor.JUDGE, List.of()).missing()).contains("there are no votes");
  }
}
