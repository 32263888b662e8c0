package dev.tiebreak.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Philox against its published known answers, and the numbers made from its bits. */
class PhiloxTest {
  private static final int DRAWS = 200_000;

  /** The known answers of the Random123 distribution: counter, key, result. */
  @ParameterizedTest
  @CsvSource({
    "00000000 00000000 00000000 00000000, 00000000 00000000, 6627e8d5 e169c58d bc57ac4c 9b00dbd8",
    "ffffffff ffffffff ffffffff ffffffff, ffffffff ffffffff, 408f276d 41c83b0e a20bc7c6 6d5451fd",
    "243f6a88 85a308d3 13198a2e 03707344, a4093822 299f31d0, d16cfe09 94fdcceb 5001e420 24126ea1"
  })
  void theKnownAnswersAreGiven(String counter, String key, String expected) {
    int[] c = words(counter);
    int[] k = words(key);
    for (int word = 0; word < 4; word++) {
      assertThat(Philox.block(c[0], c[1], c[2], c[3], k[0], k[1], word))
          .isEqualTo(words(expected)[word]);
    }
  }

  @Test
  void anIndexIsAWordOfABlockAndTheStreamIsTheThirdCounterWord() {
    assertThat(IntStream.range(0, 4).map(i -> new Philox(0, 0).bits(i)))
        .containsExactly(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
    long seed = 0x299f31d0_a4093822L;
    long block = 0x05a308d3_243f6a88L;
    for (int word = 0; word < 4; word++) {
      int expected =
          Philox.block(0x243f6a88, 0x05a308d3, 0x13198a2e, 0, 0xa4093822, 0x299f31d0, word);
      assertThat(new Philox(seed, 0x13198a2e).bits(block << 2 | word)).isEqualTo(expected);
    }
  }

  @Test
  void seedStreamAndIndexAllMatter() {
    var seen = new HashSet<Integer>();
    for (long seed : new long[] {0, 1, 1L << 32, -1}) {
      for (int stream = 0; stream < 4; stream++) {
        for (long index : new long[] {0, 1, 4, 1L << 34, Long.MAX_VALUE}) {
          seen.add(new Philox(seed, stream).bits(index));
        }
      }
    }
    assertThat(seen).hasSize(4 * 4 * 5);
  }

  @Test
  void uniformNumbersFillTheUnitIntervalEvenly() {
    var philox = new Philox(7, Philox.SAMPLING);
    double[] numbers = LongStream.range(0, DRAWS).mapToDouble(philox::uniform).toArray();
    assertThat(Arrays.stream(numbers).min().orElseThrow()).isBetween(0.0, 1e-4);
    assertThat(Arrays.stream(numbers).max().orElseThrow()).isBetween(1 - 1e-4, 1 - 0x1p-32);
    int[] counts = new int[100];
    for (double number : numbers) {
      counts[(int) (number * 100)]++;
    }
    double expected = DRAWS / 100.0;
    double chiSquared =
        Arrays.stream(counts).mapToDouble(n -> (n - expected) * (n - expected) / expected).sum();
    assertThat(chiSquared).isBetween(55.0, 160.0); // 99 degrees of freedom: mean 99, deviation 14
  }

  @Test
  void gaussianNumbersHaveTheMomentsOfTheStandardNormal() {
    var philox = new Philox(7, Philox.INIT);
    double[] numbers = LongStream.range(0, DRAWS).mapToDouble(philox::gaussian).toArray();
    double error = 1 / Math.sqrt(DRAWS); // of the mean
    assertThat(moment(numbers, 1)).isCloseTo(0, within(4 * error));
    assertThat(moment(numbers, 2)).isCloseTo(1, within(4 * error * Math.sqrt(2)));
    assertThat(moment(numbers, 3)).isCloseTo(0, within(4 * error * Math.sqrt(15)));
    assertThat(moment(numbers, 4)).isCloseTo(3, within(4 * error * Math.sqrt(96)));
    double beyondTwo = Arrays.stream(numbers).filter(x -> Math.abs(x) > 2).count();
    assertThat(beyondTwo / DRAWS).isCloseTo(0.0455, within(4 * error * 0.21));
  }

  @Test
  void neighbouringGaussianNumbersAreNotCorrelated() {
    var philox = new Philox(3, Philox.INIT);
    for (int lag : new int[] {1, 2, 4}) {
      double product =
          LongStream.range(0, DRAWS)
              .mapToDouble(i -> philox.gaussian(i) * philox.gaussian(i + lag))
              .average()
              .orElseThrow();
      assertThat(product).isCloseTo(0, within(4 / Math.sqrt(DRAWS)));
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "7", "1000", "2147483647"})
  void wholeNumbersStayBelowTheirBoundAndReachAllOfIt(int bound) {
    var philox = new Philox(7, Philox.DATA);
    int[] small = IntStream.range(0, 20_000).map(i -> philox.below(i, bound)).toArray();
    long[] large = LongStream.range(0, 20_000).map(i -> philox.below(i, (long) bound)).toArray();
    assertThat(Arrays.stream(small)).allMatch(n -> n >= 0 && n < bound);
    assertThat(Arrays.stream(large)).allMatch(n -> n >= 0 && n < bound);
    if (bound <= 1000) {
      assertThat(Arrays.stream(small).distinct().count()).isEqualTo(bound);
      assertThat(Arrays.stream(large).distinct().count()).isEqualTo(bound);
    }
    assertThat(Arrays.stream(small).average().orElseThrow() / (bound - 1 + 1e-9))
        .isCloseTo(bound == 1 ? 0 : 0.5, within(bound == 2 ? 0.015 : 0.01));
  }

  @Test
  void boundsAboveThirtyTwoBitsAreFilled() {
    var philox = new Philox(7, Philox.DATA);
    long bound = 3L << 40;
    long[] numbers = LongStream.range(0, 20_000).map(i -> philox.below(i, bound)).toArray();
    assertThat(Arrays.stream(numbers)).allMatch(n -> n >= 0 && n < bound);
    assertThat(Arrays.stream(numbers).average().orElseThrow() / bound).isCloseTo(0.5, within(0.01));
    assertThat(Arrays.stream(numbers).distinct().count()).isEqualTo(20_000);
  }

  @Test
  void aBoundThatIsNotPositiveIsRefused() {
    var philox = new Philox(0, 0);
    assertThatThrownBy(() -> philox.below(0, 0)).hasMessage("bound must be positive, got 0");
    assertThatThrownBy(() -> philox.below(0, -1L)).hasMessage("bound must be positive, got -1");
  }

  private static double moment(double[] numbers, int order) {
    return Arrays.stream(numbers).map(x -> Math.pow(x, order)).average().orElseThrow();
  }

  private static int[] words(String hex) {
    return Arrays.stream(hex.split(" "))
        .mapToInt(word -> Integer.parseUnsignedInt(word, 16))
        .toArray();
  }
}
