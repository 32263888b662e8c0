package dev.tiebreak.trainer.evidence.statistics.votes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.trainer.evidence.statistics.Sample;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rates that could be seen if there were no preference. */
class NullDistributionTest {
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
