package dev.tiebreak.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Schedules at the steps where they turn. */
class LrScheduleTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0.1", // 1 * (0 + 1) / (9 + 1)
    "4, 0.5",
    "8, 0.9",
    "9, 1", // the cosine begins at its peak
    "54, 0.55", // half way from 9 to 99
    "99, 0.1",
    "100, 0.1",
    "1000000, 0.1",
  })
  void cosine(long step, double expected) {
    LrSchedule schedule = LrSchedule.cosine(1, 0.1, 9, 99);
    assertThat(schedule.at(step)).isCloseTo(expected, within(1e-15));
  }

  @Test
  void aQuarterOfTheCosineHasHalfTheSlopeOfItsMiddle() {
    LrSchedule schedule = LrSchedule.cosine(1, 0, 0, 100);
    assertThat(schedule.at(25)).isCloseTo((1 + Math.sqrt(0.5)) / 2, within(1e-15));
    assertThat(schedule.at(75)).isCloseTo((1 - Math.sqrt(0.5)) / 2, within(1e-15));
  }

  @ParameterizedTest
  @CsvSource({"0, 0.1", "8, 0.9", "9, 1", "79, 1", "80, 1", "90, 0.55", "100, 0.1", "101, 0.1"})
  void warmUpStableDecay(long step, double expected) {
    LrSchedule schedule = LrSchedule.warmupStableDecay(1, 0.1, 9, 100, 0.2);
    assertThat(schedule.at(step)).isCloseTo(expected, within(1e-15));
  }

  @ParameterizedTest
  @CsvSource({"0, 0.5", "3, 2", "4, 2", "1000000, 2"})
  void constantAfterWarmUp(long step, double expected) {
    assertThat(LrSchedule.constant(2, 3).at(step)).isCloseTo(expected, within(1e-15));
  }

  @Test
  void withoutWarmUpTheFirstStepIsAtThePeak() {
    assertThat(LrSchedule.constant(3, 0).at(0)).isEqualTo(3);
    assertThat(LrSchedule.cosine(3, 0.3, 0, 10).at(0)).isEqualTo(3);
    assertThat(LrSchedule.warmupStableDecay(3, 0.3, 0, 10, 0.5).at(0)).isEqualTo(3);
  }

  @Test
  void aDecayWaitsForTheEndOfTheWarmUp() {
    LrSchedule schedule = LrSchedule.warmupStableDecay(1, 0.1, 40, 50, 0.9);
    assertThat(schedule.at(40)).isEqualTo(1);
    assertThat(schedule.at(45)).isCloseTo(0.55, within(1e-15));
    assertThat(schedule.at(50)).isCloseTo(0.1, within(1e-15));
  }

  @Test
  void aWarmUpAsLongAsTheRunEndsAtThePeak() {
    assertThat(LrSchedule.cosine(1, 0.1, 10, 10).at(9)).isCloseTo(10 / 11.0, within(1e-15));
    assertThat(LrSchedule.cosine(1, 0.1, 10, 10).at(10)).isEqualTo(1);
  }

  @Test
  void everyScheduleStaysBetweenZeroAndItsPeak() {
    LrSchedule[] schedules = {
      LrSchedule.constant(1, 7),
      LrSchedule.cosine(1, 0.1, 7, 50),
      LrSchedule.warmupStableDecay(1, 0.1, 7, 50, 0.3),
      LrSchedule.warmupStableDecay(1, 0.1, 40, 50, 0.9), // warm-up runs into the decay
      LrSchedule.warmupStableDecay(1, 0.1, 7, 50, 0),
      LrSchedule.warmupStableDecay(1, 0.1, 7, 50, 1),
    };
    for (LrSchedule schedule : schedules) {
      for (int step = 0; step <= 60; step++) {
        assertThat(schedule.at(step)).isPositive().isLessThanOrEqualTo(1);
      }
    }
  }
}
