package dev.tiebreak.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.losses.GainSettings.Window;
import dev.tiebreak.tensor.CrossEntropy;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ShuffledGainTest {
  private static final int TOKENS = 40;
  private static final int[] IGNORED = {0, 17, 18, 39};

  private final Workbench bench = new Workbench();
  private final Tensor logits = bench.normal(DType.F64, 2, 4, 10, 9);
  private final Tensor targets = bench.tokens(9, 4, 10);

  @AfterEach
  void close() {
    bench.close();
  }

  private record Result(double[] weights, double loss, double plain, double[] losses) {}

  private Result shape(TokenGain gain, long microBatch) {
    try (Tape _ = bench.record()) {
      Tensor losses = logits.crossEntropy(targets);
      ShapedLoss shaped = gain.shape(new Prediction(logits, losses, targets, 0, microBatch));
      return new Result(
          shaped.weights().toDoubles(),
          shaped.loss().item(),
          shaped.plain().item(),
          losses.toDoubles());
    }
  }

  private static final Terms TERMS = new Terms(0.5, 0, 0.1, 0, 0.2, 3, true, Window.MICRO);

  private double[] counted(double[] values) {
    double[] kept = new double[TOKENS];
    int n = 0;
    for (int i = 0; i < TOKENS; i++) {
      if (targets.getInt(i) != CrossEntropy.IGNORE) {
        kept[n++] = values[i];
      }
    }
    return Arrays.copyOf(kept, n);
  }

  private double[] sorted(double[] values) {
    double[] sorted = counted(values);
    Arrays.sort(sorted);
    return sorted;
  }

  @ParameterizedTest
  @EnumSource(names = {"PRECISION", "TERM", "MILE", "TOP_K", "DFT"})
  void theWeightsAreThoseOfTheGainInAnotherOrder(Weighting weighting) {
    for (int place : IGNORED) {
      targets.set(place, CrossEntropy.IGNORE);
    }
    Result inner = shape(bench.gain(weighting, TERMS), 0);
    Result shuffled = shape(bench.shuffled(weighting, TERMS, 1), 0);
    assertThat(sorted(shuffled.weights))
        .containsExactly(
            sorted(inner.weights), within(1e-15)); // the mean is summed in another order
    assertThat(counted(shuffled.weights)).isNotEqualTo(counted(inner.weights));
    assertThat(shuffled.plain).isEqualTo(inner.plain);
    double[] w = counted(shuffled.weights);
    double[] l = counted(shuffled.losses);
    double expected = 0;
    for (int i = 0; i < w.length; i++) {
      expected += w[i] * l[i] / w.length;
    }
    assertThat(shuffled.loss).isCloseTo(expected, within(1e-13));
  }

  @Test
  void theOrderDependsOnSeedAndMicroBatchOnly() {
    TokenGain gain = bench.shuffled(Weighting.PRECISION, TERMS, 1);
    double[] first = shape(gain, 3).weights;
    assertThat(shape(gain, 4).weights).isNotEqualTo(first);
    assertThat(shape(gain, 3).weights).isEqualTo(first);
    assertThat(shape(bench.shuffled(Weighting.PRECISION, TERMS, 1), 3).weights).isEqualTo(first);
    assertThat(shape(bench.shuffled(Weighting.PRECISION, TERMS, 2), 3).weights).isNotEqualTo(first);
  }

  @Test
  void everyTokenGetsEveryWeightEquallyOften() {
    TokenGain gain = bench.shuffled(Weighting.TOP_K, TERMS, 1); // half of the tokens count
    int[] chosen = new int[TOKENS];
    int rounds = 400;
    for (int i = 0; i < rounds; i++) {
      double[] weights = shape(gain, i).weights;
      for (int j = 0; j < TOKENS; j++) {
        chosen[j] += weights[j] > 1 ? 1 : 0;
      }
    }
    // 200 expected, standard deviation 10
    assertThat(Arrays.stream(chosen).boxed()).allMatch(count -> Math.abs(count - rounds / 2) < 45);
  }

  @Test
  void theOrderIsTheOneThatItEverWas() {
    Tensor losses = bench.losses(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    Tensor all = bench.targets(new int[10]);
    GainSettings settings = GainSettings.pure("shuffle(l)", 0);
    TokenGain gain = new TokenGain(settings, bench.kept(), 1, null);
    try (Tape _ = bench.record()) {
      ShapedLoss shaped = gain.shape(new Prediction(null, losses, all, 0, 3));
      assertThat(shaped.weights().toDoubles()).containsExactly(5, 0, 6, 9, 3, 4, 1, 7, 2, 8);
    }
  }

  @Test
  void itKeepsTheRunningStatisticsOfWhatItDeals() {
    Terms running = new Terms(0.5, 0, 0.1, 0, 0.2, 3, true, Window.RUNNING);
    TokenGain shuffled = bench.shuffled(Weighting.PRECISION, running, 1);
    shuffled.restore(new double[] {2, 3, 4});
    assertThat(shuffled.state()).containsExactly(2, 3, 4);
  }
}
