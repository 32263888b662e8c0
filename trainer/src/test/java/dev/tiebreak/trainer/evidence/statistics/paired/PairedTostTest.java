package dev.tiebreak.trainer.evidence.statistics.paired;

import static dev.tiebreak.trainer.evidence.statistics.paired.PairedTTestTest.DIFFERENCES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.trainer.evidence.statistics.Randomness;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PairedTostTest {
  @Test
  void itAgreesWithSciPy() {
    PairedTost tost = PairedTost.of(DIFFERENCES, 0.01, 0.05);
    assertThat(tost.tLower()).isCloseTo(13.169440523464452, within(1e-11));
    assertThat(tost.tUpper()).isCloseTo(-9.93484109664862, within(1e-11));
    assertThat(tost.pLower()).isCloseTo(2.2541106445544172e-05, within(1e-15));
    assertThat(tost.pUpper()).isCloseTo(8.819508581644984e-05, within(1e-15));
    assertThat(tost.p()).isEqualTo(tost.pUpper());
    assertThat(tost.equivalenceInterval().level()).isEqualTo(0.9);
    assertThat(tost.equivalenceInterval().high()).isCloseTo(0.003144307316249863, within(1e-14));
    assertThat(tost.interval().high()).isCloseTo(0.0036251995347897203, within(1e-14));
    assertThat(tost.difference().p()).isCloseTo(0.166737027509373, within(1e-12));
    assertThat(tost.verdict()).isEqualTo(Equivalence.EQUIVALENT).hasToString("equivalent");
  }

  @Test
  void aDifferenceThatIsNotFoundIsNoTie() {
    double[] noisy = {0.03, -0.02, 0.01};
    PairedTost tost = PairedTost.of(noisy, 0.01, 0.05);
    assertThat(tost.difference().p()).isGreaterThan(0.05);
    assertThat(tost.verdict()).isEqualTo(Equivalence.INCONCLUSIVE);
  }

  @Test
  void aDifferenceBeyondTheMarginIsOne() {
    assertThat(PairedTost.of(new double[] {0.03, 0.032, 0.031}, 0.01, 0.05).verdict())
        .isEqualTo(Equivalence.DIFFERENT);
  }

  @Test
  void aDifferenceThatIsSureButSmallIsATie() {
    PairedTost tost = PairedTost.of(new double[] {0.0041, 0.004, 0.0039, 0.004}, 0.01, 0.05);
    assertThat(tost.interval().contains(0)).isFalse();
    assertThat(tost.verdict()).isEqualTo(Equivalence.EQUIVALENT);
  }

  @Test
  void oneSeedCanShowNeither() {
    PairedTost tost = PairedTost.of(new double[] {0}, 0.01, 0.05);
    assertThat(tost.verdict())
        .isEqualTo(Equivalence.CANNOT_BE_SHOWN)
        .hasToString("cannot be shown");
    assertThat(tost.p()).isNaN();
  }

  @Test
  void differencesWithoutSpread() {
    assertThat(PairedTost.of(new double[] {0, 0}, 0.01, 0.05).verdict())
        .isEqualTo(Equivalence.EQUIVALENT);
    assertThat(PairedTost.of(new double[] {0.02, 0.02}, 0.01, 0.05).verdict())
        .isEqualTo(Equivalence.DIFFERENT);
    PairedTost onTheMargin = PairedTost.of(new double[] {0.01, 0.01}, 0.01, 0.05);
    assertThat(onTheMargin.p()).isEqualTo(0.5);
    assertThat(onTheMargin.verdict()).isEqualTo(Equivalence.DIFFERENT);
  }

  @Test
  void equivalenceAndTheNarrowerIntervalSayTheSame() {
    RandomGenerator random = Randomness.of(3);
    int equivalent = 0;
    for (int study = 0; study < 500; study++) {
      double[] differences = random.doubles(4, -0.01, 0.02).toArray();
      PairedTost tost = PairedTost.of(differences, 0.01, 0.05);
      boolean within = tost.equivalenceInterval().isWithin(-0.01, 0.01);
      assertThat(tost.verdict() == Equivalence.EQUIVALENT).isEqualTo(within);
      equivalent += within ? 1 : 0;
    }
    assertThat(equivalent).isBetween(20, 480);
  }

  @Test
  void marginAndAlphaAreChecked() {
    assertThatThrownBy(() -> PairedTost.of(DIFFERENCES, 0, 0.05))
        .hasMessage("the margin is 0.0, not above 0");
    assertThatThrownBy(() -> PairedTost.of(DIFFERENCES, 0.01, 0.5))
        .hasMessage("alpha is 0.5, not between 0 and 0.5");
  }
}
