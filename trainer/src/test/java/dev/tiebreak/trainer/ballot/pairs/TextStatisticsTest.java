package dev.tiebreak.trainer.ballot.pairs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextStatisticsTest {
  private static int[] tokens(String letters) {
    return letters.chars().toArray();
  }

  @Test
  void aTextThatSaysNothingTwice() {
    assertThat(TextStatistics.of(tokens("abcdefgh"), true))
        .isEqualTo(new TextStatistics(8, true, false, 0, 1, 1, false));
  }

  @Test
  void aTextThatRepeatsItself() {
    // 4-grams abca bcab cabc abca bcab: 3 of 5 distinct; pairs ab bc ca ...: 3 of 7; letters 3 of 8
    assertThat(TextStatistics.of(tokens("abcabcab"), false))
        .isEqualTo(new TextStatistics(8, false, true, 1 - 3 / 5.0, 3 / 8.0, 3 / 7.0, false));
  }

  @Test
  void oneTokenForEver() {
    assertThat(TextStatistics.of(tokens("aaaaaa"), false))
        .isEqualTo(new TextStatistics(6, false, true, 1 - 1 / 3.0, 1 / 6.0, 1 / 5.0, true));
  }

  @Test
  void textsTooShortToRepeatAnything() {
    assertThat(TextStatistics.of(new int[0], true))
        .isEqualTo(new TextStatistics(0, true, false, 0, 1, 1, false));
    assertThat(TextStatistics.of(tokens("aa"), false))
        .isEqualTo(new TextStatistics(2, false, true, 0, 0.5, 1, false));
  }

  @ParameterizedTest
  @CsvSource({
    "xyaaa, 1, true",
    "xyaa, 1, false",
    "xababab, 2, true",
    "xababab, 1, false",
    "xabababc, 4, false",
    "abcabcabc, 3, true",
    "abcabcabc, 2, false",
    "bcabcabc, 3, false"
  })
  void aLoopIsAPeriodThatStandsThreeTimesAtTheEnd(String text, int longest, boolean loops) {
    assertThat(TextStatistics.loops(tokens(text), longest)).isEqualTo(loops);
  }
}
