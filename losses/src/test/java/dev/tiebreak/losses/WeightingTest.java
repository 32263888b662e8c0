package dev.tiebreak.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.losses.GainSettings.Window;
import dev.tiebreak.tensor.CrossEntropy;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is known of each weighting without knowing its values; those are in the golden files. */
class WeightingTest {
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double[] LOSSES = {0.02, 1, 2, 3, 6, 0.5, 2.5, 9};

  private final Workbench bench = new Workbench();

  @AfterEach
  void close() {
    bench.close();
  }

  private static double strength(Weighting weighting) {
    return weighting.chooses() ? 0.25 : 0.7;
  }

  private TokenGain pure(Weighting weighting, double s) {
    return bench.gain(weighting, Terms.pure(s));
  }

  private double[] weights(TokenGain gain, double... losses) {
    Tensor targets = bench.targets(new int[losses.length]);
    try (Tape _ = bench.record()) {
      return gain.shape(bench.prediction(bench.losses(losses), targets, 0)).weights().toDoubles();
    }
  }

  private static double[] mapped(DoubleUnaryOperator f) {
    return Arrays.stream(LOSSES).map(f).toArray();
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(names = {"PRECISION", "Z", "LINEAR", "TERM", "POWER", "TOP_K"})
  void theseWeightsHaveMeanOne(Weighting weighting) {
    assertThat(mean(weights(pure(weighting, strength(weighting)), LOSSES)))
        .isCloseTo(1, within(1e-14));
  }

  @Test
  void theOthersHaveTheMeanOfTheirFormula() {
    assertThat(mean(weights(pure(Weighting.CONSTANT, 1.1), LOSSES))).isCloseTo(1.1, within(1e-15));
    double p = mean(mapped(l -> Math.exp(-l)));
    assertThat(mean(weights(pure(Weighting.DFT, 0), LOSSES))).isCloseTo(p, within(1e-15));
    assertThat(mean(weights(pure(Weighting.FOCAL, 1), LOSSES))).isCloseTo(1 - p, within(1e-14));
  }

  @ParameterizedTest
  @EnumSource(
      names = {"RHO", "CONSTANT"},
      mode = Mode.EXCLUDE)
  void renormalisedOnesAllHaveMeanOneOverTheTokensThatCount(Weighting weighting) {
    Tensor logits = bench.normal(DType.F64, 2, 2, 5, 9);
    Tensor targets = bench.tokens(9, 2, 5);
    targets.set(0, CrossEntropy.IGNORE);
    targets.set(7, CrossEntropy.IGNORE);
    Terms settings = new Terms(strength(weighting), 0, 0.1, 1e-6, 0, 5, true, Window.MICRO);
    try (Tape _ = bench.record()) {
      TokenGain gain = bench.gain(weighting, settings);
      ShapedLoss shaped = gain.shape(Workbench.inPlace(logits, targets));
      assertThat(shaped.weights().mul(shaped.mask()).sum().item()).isCloseTo(8, within(1e-13));
    }
  }

  @ParameterizedTest
  @EnumSource(
      names = {"RHO", "TOP_K", "CONSTANT", "DFT"},
      mode = Mode.EXCLUDE)
  void strengthZeroIsNoGainSoItWarmsUpFromThere(Weighting weighting) {
    Tensor logits = bench.normal(DType.F64, 2, 2, 5, 9);
    Tensor targets = bench.tokens(9, 2, 5);
    assertThat(Terms.pure(1).weight(weighting.formula, false).warmsUp()).isTrue();
    try (Tape _ = bench.record()) {
      Tensor weights = pure(weighting, 0).shape(Workbench.inPlace(logits, targets)).weights();
      assertThat(weights.toDoubles()).containsOnly(new double[] {1}, within(1e-15));
    }
    Terms warming = new Terms(0.8, 3, 0, 0, -INF, INF, false, Window.MICRO);
    try (Tape _ = bench.record()) {
      TokenGain gain = bench.gain(weighting, warming);
      ShapedLoss shaped = gain.shape(Workbench.inPlace(logits, targets));
      assertThat(shaped.strength()).isEqualTo(0.2);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"TOP_K", "CONSTANT"})
  void whatHasNoGainAtAnotherStrengthIsThereAtOnce(Weighting weighting) {
    Terms warming = new Terms(0.5, 99, 0, 0, -INF, INF, false, Window.MICRO);
    assertThat(weights(bench.gain(weighting, warming), LOSSES))
        .isEqualTo(weights(pure(weighting, 0.5), LOSSES));
  }

  static Stream<Object[]> objectives() {
    UnaryOperator<Tensor> z = l -> l.mean().add(l.variance().power(0.5).scale(0.7));
    UnaryOperator<Tensor> linear = l -> l.mean().add(l.variance().scale(0.35));
    UnaryOperator<Tensor> term = l -> l.scale(0.7).exp().mean().log().scale(1 / 0.7);
    UnaryOperator<Tensor> dft = l -> l.scale(-1).exp().mean().scale(-1);
    return Stream.of(
        new Object[] {Weighting.Z, z},
        new Object[] {Weighting.LINEAR, linear},
        new Object[] {Weighting.TERM, term},
        new Object[] {Weighting.DFT, dft});
  }

  @ParameterizedTest
  @MethodSource("objectives")
  void itsGradientIsThatOfAnObjective(Weighting weighting, UnaryOperator<Tensor> objective) {
    Tensor logits = bench.normal(DType.F64, 2, 3, 7, 33);
    Tensor targets = bench.tokens(33, 3, 7);
    TokenGain gain = pure(weighting, 0.7);
    double[] shaped =
        bench.gradient(logits, () -> gain.shape(Workbench.inPlace(logits, targets)).loss());
    double[] expected = bench.gradient(logits, () -> objective.apply(logits.crossEntropy(targets)));
    assertThat(Workbench.deviation(shaped, expected)).isLessThan(1e-13);
  }

  @ParameterizedTest
  @CsvSource({"Z", "SIGMOID"})
  void standardisedOnesDoNotSeeScaleOrShift(Weighting weighting) {
    TokenGain gain = pure(weighting, 0.7);
    assertThat(weights(gain, mapped(l -> 3 * l + 5)))
        .containsExactly(weights(gain, LOSSES), within(1e-14));
  }

  @ParameterizedTest
  @CsvSource({"PRECISION, 3", "LINEAR, 0.3333333333333333", "TERM, 0.3333333333333333"})
  void thoseInNatsDoNotSeeAShiftAndScaleWithTheirStrength(Weighting weighting, double factor) {
    double[] expected = weights(pure(weighting, 0.7), LOSSES);
    assertThat(weights(pure(weighting, 0.7), mapped(l -> l + 5)))
        .containsExactly(expected, within(1e-13));
    assertThat(weights(pure(weighting, 0.7 * factor), mapped(l -> 3 * l)))
        .containsExactly(expected, within(1e-13));
  }

  @Test
  void powersDoNotSeeScaleAndSharesNoIncreasingFunction() {
    assertThat(weights(pure(Weighting.POWER, 0.7), mapped(l -> 3 * l)))
        .containsExactly(weights(pure(Weighting.POWER, 0.7), LOSSES), within(1e-14));
    assertThat(weights(pure(Weighting.TOP_K, 0.25), mapped(l -> l * l)))
        .containsExactly(0, 0, 0, 0, 4, 0, 0, 4);
  }

  @Test
  void theEntropyOfAPredictionDoesNotSeeItsTarget() {
    Tensor logits = bench.normal(DType.F64, 2, 2, 5, 9);
    double[][] weights = new double[2][];
    for (int i = 0; i < 2; i++) {
      try (Tape _ = bench.record()) {
        Prediction prediction = Workbench.inPlace(logits, bench.tokens(9, 2, 5));
        weights[i] = pure(Weighting.MILE, 1).shape(prediction).weights().toDoubles();
      }
    }
    assertThat(weights[0]).isEqualTo(weights[1]);
  }

  @Test
  void aTokenAsSurprisingAsPredictedWeighsOne() {
    double bit = Math.log(2);
    Tensor logits = bench.losses(0, 0, -2 * bit, -2 * bit).reshape(1, 1, 4); // .4 .4 .1 .1
    try (Tape _ = bench.record()) {
      double entropy = -0.8 * Math.log(0.4) - 0.2 * Math.log(0.1);
      double variance = 0.8 * 0.2 * (2 * bit) * (2 * bit); // two values, 2 bits apart
      Prediction prediction = Workbench.inPlace(logits, bench.targets(3));
      Tensor weights = pure(Weighting.EXCESS_SURPRISAL, 0.5).shape(prediction).weights();
      assertThat(weights.item())
          .isCloseTo(1 + 0.5 * (-Math.log(0.1) - entropy) / variance, within(1e-14));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.5, 1})
  void equalLossesAreTakenFromTheFrontAndCountedExactly(double share) {
    double[] expected = new double[10];
    int k = (int) Math.round(10 * share);
    Arrays.fill(expected, 0, k, 10.0 / k);
    assertThat(weights(pure(Weighting.TOP_K, share), new double[10])).isEqualTo(expected);
  }

  @Test
  void aShareOfFewTokensIsAtLeastOne() {
    assertThat(weights(pure(Weighting.TOP_K, 0.01), 1, 3, 2)).containsExactly(0, 3, 0);
  }

  @ParameterizedTest
  @EnumSource(
      names = {"RHO", "MILE", "EXCESS_SURPRISAL"},
      mode = Mode.EXCLUDE)
  void extremeLossesGiveFiniteWeights(Weighting weighting) {
    double s = weighting.chooses() ? 0.5 : 20;
    for (Tensor losses :
        new Tensor[] {
          bench.losses(0, 0, 0, 0),
          bench.losses(0, 1e-9, 60, 100),
          bench.kept().of(new float[] {-6e-8f, 0, 60, 100}, 1, 4)
        }) {
      try (Tape _ = bench.record()) {
        Tensor targets = bench.targets(0, 0, 0, 0);
        Terms settings = new Terms(s, 0, 1, 0, -INF, INF, false, Window.MICRO);
        TokenGain gain = bench.gain(weighting, settings);
        double[] weights = gain.shape(bench.prediction(losses, targets, 0)).weights().toDoubles();
        assertThat(Arrays.stream(weights)).allMatch(Double::isFinite);
      }
    }
  }
}
