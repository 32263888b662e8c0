package dev.tiebreak.trainer.evidence.statistics.votes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BinomialRateTest {
  @ParameterizedTest
  @ValueSource(strings = {"planned", "crossed", "panel"})
  void itAgreesWithR(String table) {
    BinomialRate rate =
        BinomialRate.of(Tally.of(Oracle.ballots(table)), 0.95).found().orElseThrow();
    Oracle.assertAgrees(rate.p(), table, "binomial.p", 1e-8);
    Oracle.assertAgrees(rate.clopperPearson().low(), table, "binomial.low", 1e-8);
    Oracle.assertAgrees(rate.clopperPearson().high(), table, "binomial.high", 1e-8);
    Oracle.assertAgrees(rate.wilson().low(), table, "wilson.low", 1e-8);
    Oracle.assertAgrees(rate.wilson().high(), table, "wilson.high", 1e-8);
  }

  @Test
  void thePublishedTotal() {
    BinomialRate rate = BinomialRate.of(new Tally(470, 314, 397), 0.95).found().orElseThrow();
    assertThat(rate.rate()).isCloseTo(0.59949, within(5e-6));
    assertThat(rate.p()).isCloseTo(2.8015e-8, within(5e-13));
    assertThat(rate.wilson().low()).isCloseTo(0.564785, within(5e-7));
    assertThat(rate.wilson().high()).isCloseTo(0.633224, within(5e-7));
    assertThat(rate.clopperPearson().low()).isCloseTo(0.564231, within(5e-7));
    assertThat(rate.clopperPearson().high()).isCloseTo(0.633997, within(5e-7));
  }

  @ParameterizedTest
  @CsvSource({
    "469, 784, 4.22e-8",
    "471, 784, 1.85e-8",
    "161, 254, 2.3625e-5",
    "26, 32, 5.351e-4",
    "163, 257, 1.993e-5",
    "166, 262, 1.81e-5",
    "309, 530, 1.5e-4"
  })
  void otherPublishedTotals(long wins, long n, double p) {
    double found = BinomialRate.of(wins, n, 0.95).p();
    assertThat(found).isCloseTo(p, within(p * 0.04)); // two digits at least are given
  }

  @Test
  void oneSidedTotalsHaveIntervalsToo() {
    BinomialRate all = BinomialRate.of(10, 10, 0.95);
    assertThat(all.p()).isCloseTo(2 / 1024.0, within(1e-12));
    assertThat(all.clopperPearson().low()).isCloseTo(Math.pow(0.025, 0.1), within(1e-9));
    assertThat(all.clopperPearson().high()).isEqualTo(1);
  }

  @Test
  void withoutDecisiveVotesThereIsNoRate() {
    assertThat(BinomialRate.of(new Tally(0, 0, 5), 0.95).missing()).contains("all votes are ties");
    assertThat(BinomialRate.of(Tally.NONE, 0.95).missing()).contains("there are no votes");
    assertThatThrownBy(() -> BinomialRate.of(3, 2, 0.95)).hasMessage("3 of 2");
  }

  @Test
  void ties() {
    Tally tally = new Tally(470, 314, 397);
    assertThat(tally.tieShare().found()).get().isEqualTo(397 / 1181.0);
    assertThat(tally.tiesAsHalf().found().orElseThrow()).isCloseTo(0.5660, within(5e-5));
    assertThat(tally.netShare().found().orElseThrow()).isCloseTo(0.1321, within(5e-5));
    assertThat(Tally.NONE.tieShare().missing()).contains("there are no votes");
    assertThat(tally.plus(tally).minus(tally)).isEqualTo(tally);
    assertThatThrownBy(() -> new Tally(-1, 0, 0)).hasMessage("counts of -1, 0 and 0");
  }
}
