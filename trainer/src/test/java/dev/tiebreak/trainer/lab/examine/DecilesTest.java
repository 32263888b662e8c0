package dev.tiebreak.trainer.lab.examine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecilesTest {
  @ParameterizedTest
  @ValueSource(ints = {10, 11, 96, 1003})
  void theyHoldEveryTokenOnceAndTheirMeansAreTheMeanOfAll(int size) {
    Random random = new Random(size);
    double[] keys = random.doubles(size).map(x -> Math.floor(5 * x)).toArray(); // with many ties
    float[] values = new float[size];
    double sum = 0;
    for (int i = 0; i < size; i++) {
      values[i] = random.nextFloat();
      sum += values[i];
    }
    Deciles deciles = Deciles.by(keys);
    List<Double> means = deciles.means(values);
    assertThat(IntStream.range(0, 10).flatMap(part -> IntStream.of(deciles.tokens(part))))
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, size).boxed().toList());
    double weighted = 0;
    for (int part = 0; part < 10; part++) {
      int count = deciles.tokens(part).length;
      assertThat(count).isBetween(size / 10, size / 10 + 1);
      weighted += means.get(part) * count;
    }
    assertThat(weighted).isCloseTo(sum, within(1e-9));
  }

  @Test
  void theSmallestKeysComeFirstAndEqualOnesInTheirOrder() {
    double[] keys = new double[20];
    keys[7] = -1;
    keys[3] = 1;
    Deciles deciles = Deciles.by(keys);
    assertThat(deciles.tokens(0)).containsExactly(7, 0);
    assertThat(deciles.tokens(1)).containsExactly(1, 2);
    assertThat(deciles.tokens(9)).containsExactly(19, 3);
  }

  @Test
  void aPartWithoutTokensHasNoMean() {
    List<Double> means = Deciles.by(new double[] {1, 2, 3}).means(new float[] {5, 6, 7});
    assertThat(means.stream().filter(mean -> !mean.isNaN())).containsExactly(5.0, 6.0, 7.0);
  }
}
