package dev.tiebreak.trainer.evidence.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class HolmTest {
  @Test
  void theSmallestIsMultipliedMost() {
    assertThat(Holm.adjust(0.04, 0.01, 0.03, 0.5))
        .containsExactly(new double[] {0.09, 0.04, 0.09, 0.5}, within(1e-15));
  }

  @Test
  void equalPsStayEqualAndNoneExceedsOne() {
    assertThat(Holm.adjust(0.6, 0.6, 0.6)).containsExactly(1, 1, 1);
    assertThat(Holm.adjust(0.02)).containsExactly(0.02);
    assertThat(Holm.adjust()).isEmpty();
  }

  @Test
  void whatIsNoPIsRefused() {
    assertThatThrownBy(() -> Holm.adjust(0.1, 1.1)).hasMessage("a p is 1.1, not between 0 and 1");
    assertThatThrownBy(() -> Holm.adjust(Double.NaN)).hasMessageContaining("NaN");
  }
}
