package dev.tiebreak.trainer.evidence.statistics.votes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgreementTest {
  @ParameterizedTest
  @ValueSource(strings = {"planned", "crossed", "panel"})
  void bothAgreeWithR(String table) {
    Agreement agreement = Agreement.of(Oracle.ballots(table)).found().orElseThrow();
    Oracle.assertAgrees(agreement.alpha().found().orElseThrow(), table, "alpha", 1e-8);
    Oracle.assertAgrees(agreement.kappa().found().orElseThrow(), table, "kappa", 1e-8);
  }

  /** Krippendorff, "Computing Krippendorff's alpha-reliability" (2011), example C. */
  @Test
  void krippendorffsExample() {
    int[][] judges = { // 0 for a missing one
      {1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0},
      {1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3},
      {0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0},
      {1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0},
    };
    long[][] counts = new long[12][5];
    for (int[] judge : judges) {
      for (int item = 0; item < 12; item++) {
        if (judge[item] > 0) {
          counts[item][judge[item] - 1]++;
        }
      }
    }
    Agreement agreement = Agreement.of(counts).found().orElseThrow();
    assertThat(agreement.alpha().found().orElseThrow()).isCloseTo(0.743, within(5e-4));
    assertThat(agreement.items()).isEqualTo(11);
    assertThat(agreement.votes()).isEqualTo(40);
  }

  /** The textbook table of ten items, fourteen judges and five answers: kappa = 0.210. */
  @Test
  void fleissExample() {
    long[][] counts = {
      {0, 0, 0, 0, 14}, {0, 2, 6, 4, 2}, {0, 0, 3, 5, 6}, {0, 3, 9, 2, 0}, {2, 2, 8, 1, 1},
      {7, 7, 0, 0, 0}, {3, 2, 6, 3, 0}, {2, 5, 3, 2, 2}, {6, 5, 2, 1, 0}, {0, 2, 2, 3, 7},
    };
    Agreement agreement = Agreement.of(counts).found().orElseThrow();
    assertThat(agreement.kappa().found().orElseThrow()).isCloseTo(0.210, within(5e-4));
    assertThat(agreement.kappaVotes()).isEqualTo(14);
  }

  @Test
  void perfectAndSystematicDisagreement() {
    long[][] perfect = {{3, 0, 0}, {0, 3, 0}, {0, 0, 3}};
    assertThat(Agreement.of(perfect).found().orElseThrow().alpha().found()).contains(1.0);
    assertThat(Agreement.of(perfect).found().orElseThrow().kappa().found()).contains(1.0);
    long[][] never = {{1, 1, 0}, {1, 1, 0}};
    assertThat(Agreement.of(never).found().orElseThrow().alpha().found().orElseThrow())
        .isNegative();
  }

  @Test
  void whatHasNoAnswerSaysWhy() {
    Agreement same = Agreement.of(new long[][] {{2, 0}, {3, 0}}).found().orElseThrow();
    assertThat(same.alpha().missing()).get().asString().contains("all votes are the same");
    assertThat(same.kappa().missing()).get().asString().contains("all votes are the same");
    assertThat(Agreement.of(List.of()).missing()).contains("no pair of texts was judged twice");
  }
}
