package dev.tiebreak.trainer.evidence.statistics.votes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class SeedPairsTest {
  @Test
  void theTestAgreesWithR() {
    for (String table : List.of("planned", "panel")) {
      SeedPairs pairs = SeedPairs.of(Oracle.ballots(table), 0.95, 9999, 1).found().orElseThrow();
      Oracle.assertAgrees(pairs.test().p(), table, "seeds.p", 1e-8);
      Oracle.assertAgrees(pairs.interval().low(), table, "seeds.low", 1e-8);
      assertThat(pairs.rate())
          .isCloseTo(
              pairs.rates().values().stream().mapToDouble(r -> r).average().orElseThrow(),
              within(1e-12));
    }
  }

  @Test
  void fewPairsAllowNoClaim() {
    SeedPairs six = SeedPairs.of(Oracle.ballots("planned"), 0.95, 9999, 1).found().orElseThrow();
    assertThat(six.refusal()).isEmpty();
    assertThat(six.flip().p()).isCloseTo(2 / 64.0, within(1e-12)); // all rates above one half
    SeedPairs three = SeedPairs.of(Oracle.ballots("panel"), 0.95, 9999, 1).found().orElseThrow();
    assertThat(three.refusal()).get().asString().contains("3 seed pairs").contains("0.25");
    assertThat(SeedPairs.of(Oracle.ballots("crossed"), 0.95, 9999, 1).missing())
        .get()
        .asString()
        .contains("only one seed pair");
    assertThat(SeedPairs.of(List.of(), 0.95, 9999, 1).missing()).contains("there are no votes");
  }
}
