package dev.tiebreak.trainer.lab.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.trainer.base.UserError;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SamplerTest {
  /** Token 3 has probability 0.4, then 1 with 0.3, 4 with 0.2 and 0 and 2 with 0.05 each. */
  private static final double[] PROBABILITIES = {0.05, 0.3, 0.05, 0.4, 0.2};

  private static final double[] LOGITS = Arrays.stream(PROBABILITIES).map(Math::log).toArray();

  /** Chi-square with 4 degrees of freedom is above this once in ten thousand. */
  private static final double UNLIKELY = 23.5;

  private static Sampler sampler(double temperature, int topK, double topP) {
    return new Sampler(new Sampling(temperature, topK, topP, 1, 7));
  }

  /** How often each token is picked, over several prompts, samples and positions. */
  private static int[] counts(Sampler sampler, double[] logits) {
    int[] counts = new int[logits.length];
    for (int prompt = 0; prompt < 4; prompt++) {
      for (int sample = 0; sample < 50; sample++) {
        for (int position = 0; position < 200; position++) {
          counts[sampler.pick(logits, Sampler.address(prompt, sample, position))]++;
        }
      }
    }
    return counts;
  }

  private static Set<Integer> candidates(double temperature, int topK, double topP) {
    Set<Integer> picked = new TreeSet<>();
    int[] counts = counts(sampler(temperature, topK, topP), LOGITS);
    for (int token = 0; token < counts.length; token++) {
      if (counts[token] > 0) {
        picked.add(token);
      }
    }
    return picked;
  }

  private static double chiSquare(int[] counts, double... probabilities) {
    double total = Arrays.stream(counts).sum();
    double sum = 0;
    for (int i = 0; i < counts.length; i++) {
      double expected = total * probabilities[i];
      sum += (counts[i] - expected) * (counts[i] - expected) / expected;
    }
    return sum;
  }

  @Test
  void withoutTemperatureTheLikeliestIsTakenAndAmongEqualsTheSmallestId() {
    Sampler sampler = sampler(0, 0, 1);
    for (long address = 0; address < 100; address++) {
      assertThat(sampler.pick(LOGITS, address)).isEqualTo(3);
      assertThat(sampler.pick(new double[] {-2, 5, 1, 5, 5}, address)).isEqualTo(1);
      assertThat(sampler.pick(new double[300], address)).isZero();
    }
  }

  @Test
  void topKLeavesTheLikeliestK() {
    assertThat(candidates(1, 1, 1)).containsExactly(3);
    assertThat(candidates(1, 2, 1)).containsExactly(1, 3);
    assertThat(candidates(1, 3, 1)).containsExactly(1, 3, 4);
    assertThat(candidates(1, 4, 1)).as("0 and 2 are equal").containsExactly(0, 1, 3, 4);
    assertThat(candidates(1, 0, 1)).containsExactly(0, 1, 2, 3, 4);
    assertThat(candidates(1, 99, 1)).containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void topPLeavesTheFewestLikeliestThatReachTheProbability() {
    assertThat(candidates(1, 0, 1e-9)).containsExactly(3);
    assertThat(candidates(1, 0, 0.39)).containsExactly(3);
    assertThat(candidates(1, 0, 0.41)).containsExactly(1, 3);
    assertThat(candidates(1, 0, 0.69)).containsExactly(1, 3);
    assertThat(candidates(1, 0, 0.71)).containsExactly(1, 3, 4);
    assertThat(candidates(1, 0, 0.91)).containsExactly(0, 1, 3, 4);
    assertThat(candidates(1, 0, 0.96)).containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void topPCountsWhatTemperatureAndTopKHaveLeft() {
    assertThat(candidates(1, 2, 0.5)).as("0.4 / 0.7 is above 0.5").containsExactly(3);
    assertThat(candidates(1, 2, 0.6)).containsExactly(1, 3);
    assertThat(candidates(0.25, 0, 0.7)).as("0.4^4 is 0.72 of all").containsExactly(3);
    assertThat(candidates(4, 0, 0.7)).as("nearly equal").containsExactly(0, 1, 3, 4);
  }

  @Test
  void picksAreDistributedAsTheSoftmax() {
    int[] counts = counts(sampler(1, 0, 1), LOGITS);
    assertThat(chiSquare(counts, PROBABILITIES)).isLessThan(UNLIKELY);
    assertThat(chiSquare(counts, 0.06, 0.3, 0.05, 0.39, 0.2)).isGreaterThan(UNLIKELY);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.5, 0.8, 3})
  void temperatureDividesTheLogits(double temperature) {
    double[] powers = Arrays.stream(PROBABILITIES).map(p -> Math.pow(p, 1 / temperature)).toArray();
    double total = Arrays.stream(powers).sum();
    double[] expected = Arrays.stream(powers).map(p -> p / total).toArray();
    int[] counts = counts(sampler(temperature, 0, 1), LOGITS);
    assertThat(chiSquare(counts, expected)).isLessThan(UNLIKELY);
    assertThat(chiSquare(counts, PROBABILITIES)).isGreaterThan(UNLIKELY);
  }

  @Test
  void addingAConstantToAllLogitsChangesNothing() {
    double[] shifted = Arrays.stream(LOGITS).map(x -> x + 1024).toArray();
    double[] rounded = Arrays.stream(shifted).map(x -> x - 1024).toArray();
    assertThat(counts(sampler(0.9, 0, 0.9), shifted))
        .isEqualTo(counts(sampler(0.9, 0, 0.9), rounded));
  }

  @Test
  void theUnlikelyAreLeftOutAsIfAllHadBeenSorted() {
    double[] logits = new double[500]; // probabilities fall by 4 % from one to the next
    for (int i = 0; i < 500; i++) {
      logits[i * 7 % 500] = -0.04 * i;
    }
    double[] sorted = new double[500];
    Arrays.setAll(sorted, i -> -0.04 * i);
    for (double topP : new double[] {0.1, 0.5, 0.95, 0.999, 1}) {
      int kept = (int) Math.ceil(Math.log(1 - topP * (1 - Math.exp(-20))) / -0.04);
      int most = 0;
      for (long address = 0; address < 20_000; address++) {
        int token = sampler(1, 0, topP).pick(logits, address);
        int rank = sampler(1, 0, topP).pick(sorted, address);
        assertThat(token).isEqualTo(rank * 7 % 500);
        most = Math.max(most, rank);
      }
      assertThat(most).as("top-p %s keeps %d", topP, kept).isLessThan(kept);
    }
  }

  @Test
  void equalAddressesGiveEqualPicksAndOthersOthers() {
    Sampler one = sampler(1, 0, 1);
    Sampler two = sampler(1, 0, 1);
    Sampler otherSeed = new Sampler(new Sampling(1, 0, 1, 1, 8));
    int differences = 0;
    for (int position = 999; position >= 0; position--) { // the order does not matter
      long address = Sampler.address(2, 3, position);
      assertThat(two.pick(LOGITS, address)).isEqualTo(one.pick(LOGITS, address));
      differences += otherSeed.pick(LOGITS, address) != one.pick(LOGITS, address) ? 1 : 0;
    }
    assertThat(differences).isGreaterThan(500);
  }

  @Test
  void noTwoTokensShareARandomNumber() {
    int last = Sampling.MOST_TOKENS - 1;
    assertThat(Sampler.address(0, 0, last) + 1).isEqualTo(Sampler.address(0, 1, 0));
    int lastSample = Sampler.MOST_SAMPLES - 1;
    assertThat(Sampler.address(0, lastSample, last) + 1).isEqualTo(Sampler.address(1, 0, 0));
  }

  @ParameterizedTest
  @CsvSource({
    "1e308, -1e308, 1",
    "1e308, -1e308, 1e-300",
    "1e308, -1e308, 1e300",
    "3e38, 2.9e38, 1e-320",
    "-1e308, -1.1e308, 5e-324",
    "1000, -1000, 0.01"
  })
  void extremeLogitsAndTemperaturesPickTheLikeliest(double high, double low, double temperature) {
    double[] logits = {low, high, low, low};
    for (double topP : new double[] {1e-9, 0.5, 1}) {
      for (long address = 0; address < 100; address++) {
        int token = sampler(temperature, 0, topP).pick(logits, address);
        if (temperature < 1e200) {
          assertThat(token).isEqualTo(1);
        } else {
          assertThat(token).isBetween(0, 3);
        }
      }
    }
  }

  @Test
  void tinyDifferencesUnderAHighTemperatureAreNone() {
    double[] logits = {1e-320, 0, -1e-320, 0};
    assertThat(chiSquare(counts(sampler(1e10, 0, 1), logits), 0.25, 0.25, 0.25, 0.25))
        .isLessThan(UNLIKELY);
  }

  @Test
  void settingsOutOfRangeAreNamed() {
    assertRefused(-0.1, 0, 1, 1, "temperature is -0.1; it must be 0 (always");
    assertRefused(Double.NaN, 0, 1, 1, "temperature is NaN");
    assertRefused(Double.POSITIVE_INFINITY, 0, 1, 1, "temperature is Infinity");
    assertRefused(1, -1, 1, 1, "top_k is -1; it must be 0 (all tokens) or more");
    assertRefused(1, 0, 0, 1, "top_p is 0.0; it must be above 0 and at most 1");
    assertRefused(1, 0, 1.01, 1, "top_p is 1.01");
    assertRefused(1, 0, Double.NaN, 1, "top_p is NaN");
    assertRefused(1, 0, 1, 0, "tokens is 0; it must be from 1 to 1048576");
    assertRefused(1, 0, 1, Sampling.MOST_TOKENS + 1, "tokens is 1048577");
  }

  private static void assertRefused(
      double temperature, int topK, double topP, int tokens, String message) {
    assertThatThrownBy(() -> new Sampling(temperature, topK, topP, tokens, 1))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(message);
  }
}
