package dev.tiebreak.trainer.evidence.statistics.paired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.trainer.evidence.statistics.Interval;
import dev.tiebreak.trainer.evidence.statistics.Randomness;
import dev.tiebreak.trainer.evidence.statistics.Sample;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PairedBootstrapTest {
  private static final int CLUSTERS = 100;
  private static final int SIZE = 8;

  /** (clusters, values): the values of one cluster deviate together. */
  private static double[][] values(double shift, double clusterSd, double sd, long seed) {
    RandomGenerator random = Randomness.of(seed);
    double[][] values = new double[CLUSTERS][SIZE];
    for (double[] cluster : values) {
      double centre = shift + clusterSd * random.nextGaussian();
      Arrays.setAll(cluster, _ -> centre + sd * random.nextGaussian());
    }
    return values;
  }

  private static PairedBootstrap of(double[][] first, long seed) {
    return PairedBootstrap.of(first, new double[CLUSTERS][SIZE], 2000, 0.95, seed);
  }

  @Test
  void itsErrorIsThatOfTheClusters() {
    double[][] values = values(0.5, 1, 0.1, 1);
    double[] means = Arrays.stream(values).mapToDouble(c -> Sample.of(c).mean()).toArray();
    Sample sample = Sample.of(means);
    PairedBootstrap result = of(values, 7);
    assertThat(result.estimate()).isCloseTo(sample.mean(), within(1e-12));
    assertThat(result.se()).isCloseTo(sample.se(), within(0.06 * sample.se()));
    assertThat(result.interval().low())
        .isCloseTo(sample.mean() - 1.96 * sample.se(), within(0.3 * sample.se()));
    assertThat(result.interval().high())
        .isCloseTo(sample.mean() + 1.96 * sample.se(), within(0.3 * sample.se()));
    assertThat(result.clusters()).isEqualTo(CLUSTERS);
    assertThat(result.values()).isEqualTo(CLUSTERS * SIZE);
  }

  @Test
  void valuesThatDeviateTogetherWidenIt() {
    double together = of(values(0, 1, 0.1, 2), 1).se();
    double alone = of(values(0, 0, 1, 2), 1).se();
    assertThat(together / alone).isCloseTo(Math.sqrt(SIZE), within(0.6));
  }

  @Test
  void aSeedAlwaysGivesTheSame() {
    double[][] values = values(0, 1, 1, 3);
    assertThat(of(values, 1)).isEqualTo(of(values, 1)).isNotEqualTo(of(values, 2));
  }

  @Test
  void whatPairsShareFallsOut() {
    double[][] first = values(3, 5, 1, 4);
    double[][] second = new double[CLUSTERS][SIZE];
    for (int c = 0; c < CLUSTERS; c++) {
      for (int i = 0; i < SIZE; i++) {
        second[c][i] = first[c][i] - 0.25;
      }
    }
    PairedBootstrap result = PairedBootstrap.of(first, second, 200, 0.95, 1);
    assertThat(result.estimate()).isCloseTo(0.25, within(1e-12));
    assertThat(result.interval().high()).isCloseTo(0.25, within(1e-12));
  }

  @Test
  void clustersOfOtherSizesCountByTheirValues() {
    double[][] first = {{1, 1, 1}, {5}};
    PairedBootstrap result = PairedBootstrap.of(first, new double[][] {{0, 0, 0}, {0}}, 50, 0.9, 1);
    assertThat(result.estimate()).isEqualTo(2);
    assertThat(result.interval()).isEqualTo(new Interval(0.9, 1, 5));
  }

  @Test
  void whatIsNotPairedIsRefused() {
    assertThatThrownBy(() -> PairedBootstrap.of(new double[2][1], new double[3][1], 9, 0.9, 1))
        .hasMessage("2 clusters with 3, 9 resamples");
    assertThatThrownBy(() -> PairedBootstrap.of(new double[1][2], new double[1][3], 9, 0.9, 1))
        .hasMessage("2 values cannot be paired with 3");
  }
}
