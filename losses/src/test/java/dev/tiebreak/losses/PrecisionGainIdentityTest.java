package dev.tiebreak.losses;

import static dev.tiebreak.losses.Weighting.PRECISION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The first two facts of the package's description, on the pure formula. */
class PrecisionGainIdentityTest {
  private final Workbench bench = new Workbench();

  @AfterEach
  void close() {
    bench.close();
  }

  @ParameterizedTest
  @CsvSource({
    "F64, 2, 0.1, 1e-12",
    "F64, 2, 1, 1e-12",
    "F64, 2, -0.5, 1e-12",
    "F64, 0.1, 1, 1e-12",
    "F32, 2, 0.1, 1e-5",
    "F32, 2, 1, 1e-5",
    "F32, 2, -0.5, 1e-5",
    "F32, 0.1, 1, 1e-4", // v is about 0.01: rounding of m is magnified by s / v
  })
  void weightsHaveMeanOneAndTheShapedLossIsThePlainOnePlusS(
      DType type, double spread, double s, double tolerance) {
    Tensor logits = bench.normal(type, spread, 3, 7, 33);
    Tensor targets = bench.tokens(33, 3, 7);
    try (Tape _ = bench.record()) {
      Tensor losses = logits.crossEntropy(targets);
      ShapedLoss shaped =
          bench.gain(PRECISION, Terms.pure(s)).shape(bench.prediction(losses, targets, 0));
      double mean = average(losses);
      assertThat(average(shaped.weights())).isCloseTo(1, within(tolerance));
      assertThat(shaped.loss().item()).isCloseTo(mean + s, within(tolerance * (mean + 1)));
      assertThat(shaped.plain().item()).isCloseTo(mean, within(tolerance * mean));
    }
  }

  private static double average(Tensor tensor) {
    double sum = 0;
    for (double value : tensor.toDoubles()) {
      sum += value;
    }
    return sum / tensor.size();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 1, 2, -0.5})
  void itsGradientIsThatOfTheMeanPlusHalfSTimesTheLogarithmOfTheVariance(double s) {
    Tensor logits = bench.normal(DType.F64, 2, 3, 7, 33);
    Tensor targets = bench.tokens(33, 3, 7);
    double[] shaped = bench.gradient(logits, () -> shaped(logits, targets, s));
    double[] penalised = bench.gradient(logits, () -> penalised(logits, targets, s));
    assertThat(Workbench.deviation(shaped, penalised)).isLessThan(1e-14);
  }

  @Test
  void itsGradientIsTheSlopeOfThatObjectiveByFiniteDifferences() {
    Tensor logits = bench.normal(DType.F64, 2, 2, 3, 7);
    Tensor targets = bench.tokens(7, 2, 3);
    double[] shaped = bench.gradient(logits, () -> shaped(logits, targets, 0.7));
    double[] slopes = bench.differences(logits, 1e-5, () -> penalised(logits, targets, 0.7));
    assertThat(Workbench.deviation(shaped, slopes)).isLessThan(1e-9);
  }

  @Test
  void itsGradientIsNotTheSlopeOfTheShapedLossItself() {
    Tensor logits = bench.normal(DType.F64, 2, 2, 3, 7);
    Tensor targets = bench.tokens(7, 2, 3);
    double[] shaped = bench.gradient(logits, () -> shaped(logits, targets, 0.7));
    double[] slopes = bench.differences(logits, 1e-5, () -> shaped(logits, targets, 0.7));
    assertThat(Workbench.deviation(shaped, slopes)).isGreaterThan(0.01);
  }

  private Tensor shaped(Tensor logits, Tensor targets, double s) {
    Tensor losses = logits.crossEntropy(targets);
    return bench.gain(PRECISION, Terms.pure(s)).shape(bench.prediction(losses, targets, 0)).loss();
  }

  private Tensor penalised(Tensor logits, Tensor targets, double s) {
    Tensor losses = logits.crossEntropy(targets);
    return losses.mean().add(losses.variance().log().scale(s / 2));
  }

  @Test
  void aGainOfStrengthZeroIsTheBaseline() {
    Tensor logits = bench.normal(DType.F64, 2, 3, 7, 33);
    Tensor targets = bench.tokens(33, 3, 7);
    double[] shaped = bench.gradient(logits, () -> shaped(logits, targets, 0));
    double[] plain =
        bench.gradient(
            logits,
            () ->
                bench
                    .noGain()
                    .shape(bench.prediction(logits.crossEntropy(targets), targets, 0))
                    .loss());
    assertThat(shaped).isEqualTo(plain);
  }
}
