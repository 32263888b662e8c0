package dev.tiebreak.trainer.evidence.statistics.votes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.trainer.base.Words;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TieModelTest {
  @ParameterizedTest
  @CsvSource({"470, 314, 397", "30, 50, 7", "12, 10, 60"})
  void bothAgreeWithLikelihoodsThatRMaximised(long wins, long losses, long ties) {
    String name = Words.of("%d-%d-%d", wins, losses, ties);
    Tally tally = new Tally(wins, losses, ties);
    TieModel davidson = TieModel.davidson(tally, 0.95).found().orElseThrow();
    Oracle.assertAgrees(davidson.logOdds(), name, "davidson.logOdds", 1e-4);
    Oracle.assertAgrees(davidson.se(), name, "davidson.se", 1e-4);
    Oracle.assertAgrees(davidson.tieParameter(), name, "davidson.tie", 1e-4);
    TieModel rao = TieModel.raoKupper(tally, 0.95).found().orElseThrow();
    Oracle.assertAgrees(rao.logOdds(), name, "rao.logOdds", 1e-4);
    Oracle.assertAgrees(rao.se(), name, "rao.se", 1e-4);
    Oracle.assertAgrees(rao.tieParameter(), name, "rao.tie", 1e-4);
  }

  @Test
  void thePublishedTotal() {
    Tally tally = new Tally(470, 314, 397);
    TieModel davidson = TieModel.davidson(tally, 0.95).found().orElseThrow();
    assertThat(davidson.logOdds()).isCloseTo(0.40334, within(5e-6));
    assertThat(davidson.se()).isCloseTo(0.07289, within(5e-6));
    assertThat(davidson.tieParameter()).isCloseTo(1.03342, within(5e-6));
    assertThat(davidson.rate()).isCloseTo(470 / 784.0, within(1e-12));
    assertThat(davidson.interval().contains(davidson.rate())).isTrue();
    TieModel rao = TieModel.raoKupper(tally, 0.95).found().orElseThrow();
    assertThat(rao.logOdds()).isCloseTo(0.30085, within(5e-6));
    assertThat(rao.tieParameter()).isCloseTo(2.04376, within(5e-6));
  }

  /** The models' own equations, at their answers. */
  @Test
  void theAnswersGiveBackTheShares() {
    TieModel rao = TieModel.raoKupper(new Tally(30, 50, 20), 0.95).found().orElseThrow();
    double a = Math.exp(rao.logOdds());
    assertThat(a / (a + rao.tieParameter())).isCloseTo(0.3, within(1e-12));
    assertThat(1 / (rao.tieParameter() * a + 1)).isCloseTo(0.5, within(1e-12));
  }

  @Test
  void withoutTiesBothAreTheLogit() {
    Tally tally = new Tally(30, 10, 0);
    TieModel davidson = TieModel.davidson(tally, 0.95).found().orElseThrow();
    TieModel rao = TieModel.raoKupper(tally, 0.95).found().orElseThrow();
    assertThat(davidson.tieParameter()).isZero();
    assertThat(rao.tieParameter()).isCloseTo(1, within(1e-12));
    assertThat(rao.logOdds()).isCloseTo(davidson.logOdds(), within(1e-12));
    assertThat(rao.se()).isCloseTo(davidson.se(), within(1e-12));
    assertThat(rao.p()).isCloseTo(davidson.p(), within(1e-12));
  }

  @Test
  void whatHasNoLimitSaysSo() {
    assertThat(TieModel.davidson(new Tally(5, 0, 2), 0.95).missing()).isPresent();
    assertThat(TieModel.raoKupper(new Tally(0, 5, 2), 0.95).missing()).isPresent();
    assertThat(TieModel.raoKupper(new Tally(0, 0, 2), 0.95).missing())
        .contains("all votes are ties");
    assertThat(TieModel.davidson(Tally.NONE, 0.95).missing()).contains("there are no votes");
  }
}
