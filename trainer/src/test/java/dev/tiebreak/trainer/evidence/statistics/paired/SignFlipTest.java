package dev.tiebreak.trainer.evidence.statistics.paired;

import static dev.tiebreak.trainer.evidence.statistics.paired.PairedTTestTest.DIFFERENCES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SignFlipTest {
  @Test
  void itAgreesWithSciPy() {
    SignFlip test = SignFlip.exact(DIFFERENCES);
    assertThat(test.p()).isEqualTo(0.1875);
    assertThat(test.patterns()).isEqualTo(64);
    assertThat(test.exact()).isTrue();
    assertThat(test.mean()).isCloseTo(0.0014, within(1e-16));
  }

  @Test
  void aClearCaseReachesTheSmallestP() {
    for (int n = 1; n <= 6; n++) {
      double[] same = new double[n];
      Arrays.setAll(same, i -> 0.1 + 0.01 * i);
      assertThat(SignFlip.exact(same).p()).isEqualTo(SignFlip.smallestP(n));
    }
    assertThat(SignFlip.smallestP(5)).isEqualTo(0.0625);
    assertThat(SignFlip.smallestP(6)).isEqualTo(0.03125);
  }

  @Test
  void patternsThatTieInAllButRoundingCount() {
    assertThat(SignFlip.exact(new double[] {0.1, 0.2, -0.3}).p()).isEqualTo(1);
    assertThat(SignFlip.exact(new double[] {0.1, 0.2, 0.3, 0}).p()).isEqualTo(0.25);
  }

  @Test
  void samplesComeCloseToAllPatterns() {
    SignFlip test = SignFlip.sampled(DIFFERENCES, 20_000, 1);
    double se = Math.sqrt(0.1875 * (1 - 0.1875) / 20_000);
    assertThat(test.p()).isCloseTo(0.1875, within(4 * se));
    assertThat(test.exact()).isFalse();
    assertThat(SignFlip.sampled(DIFFERENCES, 20_000, 1)).isEqualTo(test);
    assertThat(SignFlip.sampled(DIFFERENCES, 20_000, 2)).isNotEqualTo(test);
  }

  @Test
  void aSampledPIsNeverZero() {
    double[] clear = new double[40];
    Arrays.fill(clear, 1);
    assertThat(SignFlip.sampled(clear, 999, 1).p()).isEqualTo(0.001);
  }

  @Test
  void tooManyPatternsAreRefused() {
    assertThatThrownBy(() -> SignFlip.exact(new double[21]))
        .hasMessage("21 differences have too many patterns of signs; sample them");
    assertThatThrownBy(() -> SignFlip.sampled(DIFFERENCES, 0, 1))
        .hasMessage("the number of patterns is 0");
  }
}
