package dev.tiebreak.trainer.evidence.statistics.paired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.trainer.evidence.statistics.Interval;
import dev.tiebreak.trainer.evidence.statistics.Sample;
import org.junit.jupiter.api.Test;

class PairedTTestTest {
  /** Expected values: tests/oracle/paired_statistics.py. */
  static final double[] DIFFERENCES = {0.0021, -0.0013, 0.0042, 0.0008, 0.0031, -0.0005};

  @Test
  void itAgreesWithSciPy() {
    PairedTTest test = PairedTTest.of(DIFFERENCES, 0);
    assertThat(test.sample().mean()).isCloseTo(0.0014, within(1e-16));
    assertThat(test.sample().sd()).isCloseTo(0.002120377324911771, within(1e-16));
    assertThat(test.t()).isCloseTo(1.617299713407915, within(1e-12));
    assertThat(test.p()).isCloseTo(0.166737027509373, within(1e-12));
    Interval ninety = test.interval(0.9);
    assertThat(ninety.low()).isCloseTo(-0.00034430731624986405, within(1e-14));
    assertThat(ninety.high()).isCloseTo(0.003144307316249863, within(1e-14));
    Interval wider = test.interval(0.95);
    assertThat(wider.low()).isCloseTo(-0.0008251995347897201, within(1e-14));
    assertThat(wider.high()).isCloseTo(0.0036251995347897203, within(1e-14));
    assertThat(wider.contains(0)).isTrue();
    assertThat(wider.isWithin(-0.0009, 0.0037)).isTrue();
    assertThat(wider.isWithin(-0.0009, 0.0036)).isFalse();
  }

  @Test
  void pIsTheChanceThatTheIntervalJustTouchesTheHypothesis() {
    PairedTTest test = PairedTTest.of(DIFFERENCES, 0);
    assertThat(test.interval(1 - test.p()).low()).isCloseTo(0, within(1e-15));
  }

  @Test
  void aSingleDifferenceShowsNothing() {
    PairedTTest test = PairedTTest.of(new double[] {0.5}, 0);
    assertThat(test.sample().mean()).isEqualTo(0.5);
    assertThat(test.t()).isNaN();
    assertThat(test.p()).isNaN();
    assertThat(test.interval(0.95).low()).isNaN();
    assertThat(test.interval(0.95).contains(0.5)).isFalse();
    assertThat(test.interval(0.95).isWithin(-9, 9)).isFalse();
  }

  @Test
  void equalDifferencesHaveNoError() {
    PairedTTest zero = PairedTTest.of(new double[] {0, 0, 0}, 0);
    assertThat(zero.t()).isZero();
    assertThat(zero.p()).isEqualTo(1);
    PairedTTest some = PairedTTest.of(new double[] {0.1, 0.1, 0.1}, 0);
    assertThat(some.sample().sd()).isZero();
    assertThat(some.t()).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(some.p()).isZero();
    assertThat(some.interval(0.9)).isEqualTo(new Interval(0.9, 0.1, 0.1));
  }

  @Test
  void whatIsNoSampleIsRefused() {
    assertThatThrownBy(() -> Sample.of()).hasMessage("there are no values");
    assertThatThrownBy(() -> Sample.of(1, Double.NaN)).hasMessage("a value is NaN");
    assertThatThrownBy(() -> Sample.differences(new double[2], new double[3]))
        .hasMessage("2 values cannot be paired with 3");
  }
}
