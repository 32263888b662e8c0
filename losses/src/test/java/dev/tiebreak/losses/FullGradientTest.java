package dev.tiebreak.losses;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.losses.GainSettings.Window;
import dev.tiebreak.tensor.CrossEntropy;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Objectives without a constant in them: the gradient is the slope of the whole shaped loss. */
class FullGradientTest {
  private static final double INF = Double.POSITIVE_INFINITY;

  private final Workbench bench = new Workbench();
  private final Tensor logits = bench.normal(DType.F64, 1.5, 2, 3, 7);
  private final Tensor targets = bench.tokens(7, 2, 3);

  @AfterEach
  void close() {
    bench.close();
  }

  private static Terms focal(double s, double high, boolean renormalise) {
    return new Terms(s, 0, 0, 0, -INF, high, renormalise, Window.MICRO);
  }

  static Stream<Terms> focals() {
    return Stream.of(
        focal(0.5, INF, false), focal(2, INF, false), focal(2, INF, true), focal(2, 0.6, true));
  }

  private void check(TokenGain gain) {
    targets.set(2, CrossEntropy.IGNORE);
    double[] gradient =
        bench.gradient(logits, () -> gain.shape(Workbench.inPlace(logits, targets)).loss());
    double[] slopes =
        bench.differences(
            logits, 1e-5, () -> gain.shape(Workbench.inPlace(logits, targets)).loss());
    assertThat(Workbench.deviation(gradient, slopes)).isLessThan(1e-9);
  }

  @ParameterizedTest
  @MethodSource("focals")
  void ofTheFocalLoss(Terms settings) {
    check(bench.focalLoss(settings));
  }

  @ParameterizedTest
  @EnumSource
  void ofEveryObjective(Objective objective) {
    check(bench.objective(objective, Terms.pure(0.3)));
  }

  @Test
  void detachedFocalWeightsHaveAnotherGradient() {
    TokenGain detached = bench.gain(Weighting.FOCAL, focal(2, INF, false));
    TokenGain full = bench.focalLoss(focal(2, INF, false));
    double[] constant =
        bench.gradient(logits, () -> detached.shape(Workbench.inPlace(logits, targets)).loss());
    double[] slopes =
        bench.gradient(logits, () -> full.shape(Workbench.inPlace(logits, targets)).loss());
    assertThat(Workbench.deviation(constant, slopes)).isGreaterThan(0.01);
  }

  @Test
  void aCertainTokenHasAFiniteFocalGradient() {
    Tensor certain = bench.kept().of(new float[] {200, 0, 0, 1, 2, 3}, 1, 2, 3);
    TokenGain gain = bench.focalLoss(focal(0.5, INF, false));
    Tensor right = bench.targets(0, 0);
    double[] gradient =
        bench.gradient(certain, () -> gain.shape(Workbench.inPlace(certain, right)).loss());
    assertThat(Arrays.stream(gradient)).allMatch(Double::isFinite);
  }

  @ParameterizedTest
  @EnumSource
  void objectivesOfStrengthZeroAreTheBaseline(Objective objective) {
    TokenGain gain = bench.objective(objective, Terms.pure(0));
    try (Tape _ = bench.record()) {
      ShapedLoss shaped = gain.shape(Workbench.inPlace(logits, targets));
      assertThat(shaped.loss().item()).isEqualTo(shaped.plain().item());
      assertThat(shaped.weights().toDoubles()).containsOnly(1);
    }
  }

  @Test
  void objectivesWarmUp() {
    Terms settings = new Terms(0.4, 3, 0, 0, -INF, INF, false, Window.MICRO);
    try (Tape _ = bench.record()) {
      Tensor losses = logits.crossEntropy(targets);
      TokenGain gain = bench.objective(Objective.LABEL_SMOOTHING, settings);
      assertThat(gain.shape(new Prediction(logits, losses, targets, 0, 0)).strength())
          .isEqualTo(0.1);
      assertThat(gain.shape(new Prediction(logits, losses, targets, 9, 9)).strength())
          .isEqualTo(0.4);
    }
  }
}
