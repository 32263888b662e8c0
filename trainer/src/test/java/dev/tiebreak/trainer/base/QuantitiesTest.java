package dev.tiebreak.trainer.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantitiesTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 FLOP",
    "999, 999 FLOP",
    "999.7, 1.00 kFLOP",
    "13.3e9, 13.3 GFLOP",
    "3.02e19, 30.2 EFLOP",
    "1e30, '1,000,000 YFLOP'"
  })
  void operationsHavePrefixes(double flops, String text) {
    assertThat(Quantities.flops(flops)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "30720, '30,720'",
    "999999, '999,999'",
    "1000000, 1.00 million",
    "3932160000, 3.93 billion",
    "5e15, '5,000 trillion'"
  })
  void countsAreInWordsFromAMillion(double count, String text) {
    assertThat(Quantities.count(count)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0.00001, < 0.001 hours (0.036 seconds)",
    "0.02, 0.020 hours (72.0 seconds)",
    "0.5, 0.50 hours (30.0 minutes)",
    "2, 2.00 hours",
    "47, 47.0 hours",
    "48, 48.0 hours (2.00 days)",
    "23505, '23,505 hours (979 days)'"
  })
  void timesHaveTheirHours(double hours, String text) {
    assertThat(Quantities.hours(hours)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 bytes",
    "999, 999 bytes",
    "1000, 1.0 kB",
    "1549999, 1.5 MB",
    "999600, 1.0 MB",
    "9940000, 9.9 MB",
    "9960000, 10 MB",
    "24000000000, 24 GB",
    "9223372036854775807, 9.2 EB"
  })
  void bytesAreReadable(long bytes, String text) {
    assertThat(Quantities.bytes(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"6.6, 0:07", "754, 12:34", "3723, 1:02:03"})
  void durationsAreClockTimes(double seconds, String text) {
    assertThat(Quantities.clock(seconds)).isEqualTo(text);
  }
}
