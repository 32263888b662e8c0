package dev.tiebreak.trainer.evidence.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.trainer.evidence.statistics.Interval;
import dev.tiebreak.trainer.evidence.statistics.Sample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The one style of numbers. */
class FormatTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "P; 0.5; 0.50",
        "P; 0.0999; 0.100",
        "P; 0.00123; 0.0012",
        "P; 0.00002; 2.0e-05",
        "P; 1e-20; < 1e-16",
        "P; NaN; -",
        "PERCENT; 0.599; 59.9 %",
        "PERCENT; -0.0001; 0.0 %",
        "COUNT; 1234567; 1,234,567",
        "NUMBER; 0; 0.000",
        "NUMBER; 12.345; 12.35",
        "NUMBER; 1234.5; 1,235",
        "NUMBER; 0.00012; 1.20e-04",
        "NUMBER; Infinity; -",
        "DECIMAL; 4.14629; 4.1463",
        "DECIMAL; -0.00001; 0.0000",
        "SIGNED; 0.002; +0.0020",
        "SIGNED; -0.00001; +0.0000",
        "SIGNED; -0.0151; -0.0151"
      })
  void numbersAreRoundedInOneWay(Format format, double value, String words) {
    assertThat(format.words(value)).isEqualTo(words);
  }

  @Test
  void intervalsAndSamplesTakeTheFormatOfTheirColumn() {
    Interval ends = new Interval(0.9, -0.0268, 0.0033);
    assertThat(Format.SIGNED.words(ends)).isEqualTo("-0.0268 to +0.0033");
    assertThat(Format.PERCENT.words(new Interval(0.9, 0.5, 0.6))).isEqualTo("50.0 to 60.0 %");
    assertThat(Format.DECIMAL.words(new Sample(1, 2, Double.NaN))).isEqualTo("2.0000");
    assertThat(Format.DECIMAL.words(new Sample(2, 2, 1))).isEqualTo("2.0000 ± 1.0000");
    assertThat(Format.TEXT.words(null)).isEqualTo("-");
    assertThat(Format.TEXT.words(3)).isEqualTo("3");
  }
}
