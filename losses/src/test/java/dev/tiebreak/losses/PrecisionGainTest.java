package dev.tiebreak.losses;

import static dev.tiebreak.losses.Weighting.PRECISION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.losses.GainSettings.Window;
import dev.tiebreak.tensor.CrossEntropy;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each setting by a worked example: losses 1, 2, 3, 6 have mean 3 and variance 3.5, so s = 3.5
 * gives the weights l - 2, that is -1, 0, 1, 4.
 */
class PrecisionGainTest {
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double S = 3.5;

  private final Workbench bench = new Workbench();
  private final Tensor losses = bench.losses(1, 2, 3, 6);
  private final Tensor targets = bench.targets(0, 0, 0, 0);

  @AfterEach
  void close() {
    bench.close();
  }

  private record Result(double[] weights, double loss, double plain, double strength) {}

  private Result shape(TokenGain gain, Tensor l, Tensor t, long step) {
    try (Tape _ = bench.record()) {
      ShapedLoss shaped = gain.shape(bench.prediction(l, t, step));
      return new Result(
          shaped.weights().toDoubles(),
          shaped.loss().item(),
          shaped.plain().item(),
          shaped.strength());
    }
  }

  private Result shape(Terms settings) {
    return shape(bench.gain(PRECISION, settings), losses, targets, 0);
  }

  private static void assertWeights(Result result, double... expected) {
    assertThat(result.weights).containsExactly(expected, within(1e-14));
  }

  @Test
  void thePureFormula() {
    Result result = shape(Terms.pure(S));
    assertWeights(result, -1, 0, 1, 4);
    assertThat(result.loss).isCloseTo(6.5, within(1e-14));
    assertThat(result.plain).isEqualTo(3);
  }

  @Test
  void negativeStrengthFavoursEasyTokens() {
    assertWeights(shape(Terms.pure(-S)), 3, 2, 1, -2);
  }

  @Test
  void aFloorAboveTheVarianceTakesItsPlace() {
    assertWeights(shape(new Terms(S, 0, 7, 0, -INF, INF, false, Window.MICRO)), 0, 0.5, 1, 2.5);
  }

  @Test
  void aFloorBelowTheVarianceDoesNothing() {
    assertWeights(shape(new Terms(S, 0, 3, 0, -INF, INF, false, Window.MICRO)), -1, 0, 1, 4);
  }

  @Test
  void epsilonIsAddedToTheVariance() {
    assertWeights(shape(new Terms(S, 0, 0, 3.5, -INF, INF, false, Window.MICRO)), 0, 0.5, 1, 2.5);
  }

  @Test
  void equalLossesKeepWeightOneEvenWithoutAFloor() {
    for (Tensor equal :
        new Tensor[] {bench.losses(2, 2, 2, 2), bench.kept().of(new float[] {2, 2, 2, 2}, 1, 4)}) {
      assertWeights(shape(bench.gain(PRECISION, Terms.pure(S)), equal, targets, 0), 1, 1, 1, 1);
    }
  }

  @Test
  void theClampMovesTheMean() {
    Result result = shape(new Terms(S, 0, 0, 0, 0, 2, false, Window.MICRO));
    assertWeights(result, 0, 0, 1, 2);
    assertThat(result.loss).isCloseTo(3.75, within(1e-14));
  }

  @Test
  void renormalisingAfterTheClampBringsTheMeanBackToOne() {
    Result result = shape(new Terms(S, 0, 0, 0, 0, 2, true, Window.MICRO));
    assertWeights(result, 0, 0, 4 / 3.0, 8 / 3.0);
    assertThat(result.loss).isCloseTo(5, within(1e-14));
  }

  @Test
  void oneSidedClampsLeaveTheOtherSideAlone() {
    assertWeights(shape(new Terms(S, 0, 0, 0, 0, INF, false, Window.MICRO)), 0, 0, 1, 4);
    assertWeights(shape(new Terms(S, 0, 0, 0, -INF, 2, false, Window.MICRO)), -1, 0, 1, 2);
  }

  @ParameterizedTest
  @CsvSource({"0, 0.5", "1, 1", "2, 1.5", "3, 2", "4, 2", "1000000, 2"})
  void strengthGrowsLinearlyThroughTheWarmUp(long step, double expected) {
    Terms settings = new Terms(2, 3, 0, 0, -INF, INF, false, Window.MICRO);
    Result result = shape(bench.gain(PRECISION, settings), losses, targets, step);
    assertThat(result.strength).isEqualTo(expected);
    assertThat(result.loss).isCloseTo(3 + expected, within(1e-14));
  }

  @Test
  void runningStatisticsAreThePlainMeanOfTheFirstBatches() {
    TokenGain gain = bench.gain(PRECISION, new Terms(S, 0, 0, 0, -INF, INF, false, Window.RUNNING));
    assertWeights(shape(gain, losses, targets, 0), -1, 0, 1, 4);

    Result second = shape(gain, bench.losses(2, 4, 6, 12), targets, 1); // mean 6, variance 14
    double m = (3 + 6) / 2.0;
    double v = (3.5 + 14) / 2;
    double[] expected = {2, 4, 6, 12};
    for (int i = 0; i < 4; i++) {
      expected[i] = 1 + S * (expected[i] - m) / v;
    }
    assertWeights(second, expected);
    assertThat(second.plain).isEqualTo(6);
    assertThat(gain.state()).containsExactly(new double[] {m, v, 2}, within(1e-14));
  }

  @Test
  void runningStatisticsMoveByAHundredthAfterTheFirstHundredBatches() {
    TokenGain gain = bench.gain(PRECISION, new Terms(S, 0, 0, 0, -INF, INF, false, Window.RUNNING));
    gain.restore(new double[] {3, 3.5, 5000});
    shape(gain, bench.losses(2, 4, 6, 12), targets, 1); // mean 6, variance 14
    assertThat(gain.state())
        .containsExactly(
            new double[] {0.99 * 3 + 0.01 * 6, 0.99 * 3.5 + 0.01 * 14, 5001}, within(1e-13));
  }

  @Test
  void weightsThatAllVanishBecomeOne() {
    for (double low : new double[] {0, -INF}) {
      TokenGain gain = bench.gain(PRECISION, new Terms(1, 0, 1, 0, low, 5, true, Window.RUNNING));
      shape(gain, bench.losses(5, 6, 5, 6), targets, 0);
      Result easy = shape(gain, bench.losses(1, 2, 1, 0), targets, 1); // 3 nats below the average
      assertWeights(easy, 1, 1, 1, 1);
      assertThat(easy.loss).isEqualTo(1);
    }
  }

  @Test
  void aRestoredGainGoesOnAsIfItHadNeverStopped() {
    Terms settings = new Terms(S, 0, 0, 0, -INF, INF, false, Window.RUNNING);
    TokenGain first = bench.gain(PRECISION, settings);
    shape(first, losses, targets, 0);
    TokenGain second = bench.gain(PRECISION, settings);
    second.restore(first.state());
    Tensor next = bench.losses(0.5, 4, 1, 2);
    assertThat(shape(second, next, targets, 1).weights)
        .isEqualTo(shape(first, next, targets, 1).weights);
    assertThat(second.state()).isEqualTo(first.state());
  }

  @Test
  void restoringSomethingElseIsRefused() {
    TokenGain gain = bench.gain(PRECISION, new Terms(1, 0, 0, 0, -INF, INF, false, Window.RUNNING));
    assertThatThrownBy(() -> gain.restore(new double[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("mean, variance, count; got 2");
    assertThat(bench.noGain().state()).isEmpty();
    assertThat(bench.gain(PRECISION, Terms.pure(1)).state()).isEmpty();
    assertThatThrownBy(() -> bench.noGain().restore(gain.state()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("it has no state, got 3");
  }

  @ParameterizedTest
  @CsvSource({"MICRO, -Infinity, Infinity, false", "MICRO, 0, 1.5, true", "RUNNING, 0, 1.5, true"})
  void ignoredTokensTakeNoPart(Window scope, double low, double high, boolean renormalise) {
    Terms settings = new Terms(1.2, 0, 0.1, 0.01, low, high, renormalise, scope);
    Tensor whole = bench.normal(DType.F64, 2, 1, 6, 9);
    Tensor wholeTargets = bench.targets(3, CrossEntropy.IGNORE, 0, 8, CrossEntropy.IGNORE, 5);
    Tensor kept = bench.kept().zeros(DType.F64, 1, 4, 9);
    int[] places = {0, 2, 3, 5};
    for (int i = 0; i < 4 * 9; i++) {
      kept.set(i, whole.get(places[i / 9] * 9L + i % 9));
    }
    Tensor keptTargets = bench.targets(3, 0, 8, 5);

    double[] dWhole = gradient(settings, whole, wholeTargets);
    double[] dKept = gradient(settings, kept, keptTargets);
    double[] expected = new double[dWhole.length];
    for (int i = 0; i < 4 * 9; i++) {
      expected[places[i / 9] * 9 + i % 9] = dKept[i];
    }
    assertThat(dWhole).containsExactly(expected, within(1e-14));

    try (Tape _ = bench.record()) {
      Tensor l = whole.crossEntropy(wholeTargets);
      ShapedLoss a = bench.gain(PRECISION, settings).shape(bench.prediction(l, wholeTargets, 0));
      Tensor k = kept.crossEntropy(keptTargets);
      ShapedLoss b = bench.gain(PRECISION, settings).shape(bench.prediction(k, keptTargets, 0));
      assertThat(a.loss().item()).isCloseTo(b.loss().item(), within(1e-14));
      assertThat(a.plain().item()).isCloseTo(b.plain().item(), within(1e-14));
      double[] watched = values(GainDiagnostics.of(l, a));
      assertThat(watched).containsExactly(values(GainDiagnostics.of(k, b)), within(1e-13));
    }
  }

  private double[] gradient(Terms settings, Tensor logits, Tensor t) {
    return bench.gradient(
        logits,
        () ->
            bench
                .gain(PRECISION, settings)
                .shape(bench.prediction(logits.crossEntropy(t), t, 0))
                .loss());
  }

  private static double[] values(GainDiagnostics diagnostics) {
    return diagnostics.toMap().values().stream().mapToDouble(Double::doubleValue).toArray();
  }

  @Test
  void aBatchInWhichEveryTokenIsIgnoredIsRefused() {
    Tensor none = bench.targets(-100, -100, -100, -100);
    for (TokenGain gain : new TokenGain[] {bench.noGain(), bench.gain(PRECISION, Terms.pure(1))}) {
      assertThatThrownBy(() -> shape(gain, losses, none, 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("every target is ignored");
    }
  }

  @Test
  void theOrderOfTokensDoesNotMatter() {
    Result turned =
        shape(bench.gain(PRECISION, Terms.pure(S)), bench.losses(6, 1, 3, 2), targets, 0);
    assertWeights(turned, 4, -1, 1, 0);
    assertThat(turned.loss).isCloseTo(6.5, within(1e-14));
  }
}
