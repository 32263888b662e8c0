package dev.tiebreak.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.losses.ScalingSettings.Clip;
import dev.tiebreak.losses.ScalingSettings.Measure;
import dev.tiebreak.losses.ScalingSettings.Target;
import dev.tiebreak.nn.Gpt;
import dev.tiebreak.nn.GradientClip;
import dev.tiebreak.nn.Parameter;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be measured of a block, and the placebos. */
class BlockMeasuresTest {
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final int LAYERS = ScaledTwin.LAYERS;

  private final Workbench bench = new Workbench();
  private final Tensor tokens = bench.tokens(11, 2, 5);
  private final Tensor targets = bench.tokens(11, 2, 5);
  private final Tensor otherTokens = bench.tokens(11, 2, 5);

  @AfterEach
  void close() {
    bench.close();
  }

  private ScaledTwin twin(Measure measure, boolean invert, boolean shuffle) {
    return new ScaledTwin(bench)
        .with(
            new ScalingSettings(
                measure, Target.GRADIENT, Clip.AFTER, invert, shuffle, false, INF, false));
  }

  private ScaledTwin twin(Measure measure) {
    return twin(measure, false, false);
  }

  private void step(ScaledTwin twin) {
    twin.microBatch(tokens, targets);
    bench.gradientsReady(twin.model);
  }

  private double[] factors(Measure measure, boolean invert, double... d) {
    ScalingSettings settings =
        new ScalingSettings(measure, Target.GRADIENT, Clip.AFTER, invert, false, false, INF, false);
    Tensor tensor = bench.kept().of(d, d.length);
    try (Tape _ = bench.infer()) {
      return LayerScaling.factors(tensor, settings).toDoubles();
    }
  }

  private static double[] factors(ScaledTwin twin) {
    double[] factors = new double[LAYERS];
    Arrays.setAll(factors, twin::factor);
    return factors;
  }

  private double[] blockNorms(Gpt model) {
    double[] norms = new double[LAYERS];
    try (Tape _ = bench.infer()) {
      Arrays.setAll(norms, b -> GradientClip.norm(model.blockParameters(b)).item());
    }
    return norms;
  }

  @Test
  void influenceIsHowFarABlockTurnsItsInputOnAverageOverTokens() {
    ScaledTwin twin = twin(Measure.BLOCK_INFLUENCE);
    Gpt model = twin.model;
    for (Parameter parameter : model.parameters()) {
      for (long i = 0; i < parameter.tensor().size(); i++) {
        parameter.tensor().set(i, 0);
      }
    }
    Map<String, Tensor> weights = twin.tensors();
    weights.get("token_embedding.weight").set(0, 3); // token 0 is (3, 0, ...)
    weights.get("token_embedding.weight").set(8, 1); // token 1 is (1, 0, ...)
    weights.get("blocks.0.mlp.down.bias").set(1, 1); // adds (0, 1, 0, ...)
    weights.get("blocks.1.mlp.down.bias").set(1, 2);
    Tensor batch = bench.targets(0, 0, 0, 1);
    twin.microBatch(batch, batch);
    bench.gradientsReady(model);
    double turned0 = (3 * (1 - 3 / Math.sqrt(10)) + 1 - 1 / Math.sqrt(2)) / 4;
    double turned1 =
        (3 * (1 - 12 / Math.sqrt(10 * 18)) + 1 - 4 / Math.sqrt(2 * 10)) / 4; // (3, 1) to (3, 3) ...
    assertThat(twin.measure(0)).isCloseTo(turned0, within(1e-15));
    assertThat(twin.measure(1)).isCloseTo(turned1, within(1e-15));
    assertThat(twin.measure(2)).isCloseTo(0, within(1e-15));
    assertThat(twin.factor(0)).isCloseTo(turned0 / ((turned0 + turned1) / 3), within(1e-14));
  }

  @Test
  void divergenceKnowsTheLengthsRatioAndInfluenceOnlyTheAngle() {
    Tensor x = bench.normal(DType.F64, 1, 3, 4, 8);
    Tensor y = bench.normal(DType.F64, 1, 3, 4, 8);
    try (Tape _ = bench.infer()) {
      double d = x.divergence(y).item();
      double influence = x.cosineDistance(y).item();
      assertThat(x.scale(5).divergence(y.scale(5)).item()).isCloseTo(d, within(1e-14));
      assertThat(x.divergence(y.scale(5)).item()).isGreaterThan(2 * d);
      assertThat(x.cosineDistance(y.scale(5)).item()).isCloseTo(influence, within(1e-14));
      assertThat(x.cosineDistance(y.scale(-1)).item()).isCloseTo(2 - influence, within(1e-14));
    }
  }

  @Test
  void gradientNormMakesTheNormsOfAllBlocksTheirMean() {
    ScaledTwin plain = new ScaledTwin(bench);
    ScaledTwin scaled = twin(Measure.GRADIENT_NORM);
    step(plain);
    step(scaled);
    double[] before = blockNorms(plain.model);
    double mean = Arrays.stream(before).average().orElseThrow();
    for (int b = 0; b < LAYERS; b++) {
      assertThat(scaled.measure(b)).isCloseTo(before[b], within(1e-14));
      assertThat(scaled.factor(b)).isCloseTo(mean / before[b], within(1e-12));
      assertThat(blockNorms(scaled.model)[b]).isCloseTo(mean, within(1e-12));
    }
    assertThat(before[0]).isNotCloseTo(mean, within(0.01 * mean));
    assertThat(scaled.tensors().get("token_embedding.weight").gradient().toDoubles())
        .isEqualTo(plain.tensors().get("token_embedding.weight").gradient().toDoubles());
  }

  @Test
  void gradientNormIsOfTheWholeStepInEachStep() {
    ScaledTwin both = twin(Measure.GRADIENT_NORM);
    double[] first = null;
    for (int i = 0; i < 2; i++) { // steps
      both.model.clearGradients();
      both.microBatch(tokens, targets);
      both.microBatch(otherTokens, targets);
      bench.gradientsReady(both.model);
      first = first == null ? factors(both) : first;
      assertThat(factors(both)).isEqualTo(first);
    }
    ScaledTwin one = twin(Measure.GRADIENT_NORM);
    step(one);
    assertThat(one.measure(0)).isNotEqualTo(both.measure(0));
  }

  @Test
  void invertedAndBalancedFactors() {
    assertThat(factors(Measure.DIVERGENCE, true, 1, 2, 4))
        .containsExactly(new double[] {12 / 7.0, 6 / 7.0, 3 / 7.0}, within(1e-15));
    assertThat(factors(Measure.BLOCK_INFLUENCE, true, 0.5, 0.5)).containsExactly(1, 1);
    assertThat(factors(Measure.GRADIENT_NORM, false, 1, 2, 6))
        .containsExactly(new double[] {3, 1.5, 0.5}, within(1e-15));
    assertThat(factors(Measure.GRADIENT_NORM, true, 1, 2, 4))
        .containsExactly(new double[] {7 / 12.0, 7 / 6.0, 7 / 3.0}, within(1e-15));
  }

  @ParameterizedTest
  @CsvSource({"DIVERGENCE, true", "GRADIENT_NORM, false", "GRADIENT_NORM, true"})
  void whatIsZeroIsNotDividedBy(Measure measure, boolean invert) {
    assertThat(factors(measure, invert, 0, 0, 0)).containsExactly(1, 1, 1);
    assertThat(Arrays.stream(factors(measure, invert, 0, 1, 2))).allMatch(Double::isFinite);
  }

  @ParameterizedTest
  @EnumSource(names = "NONE", mode = Mode.EXCLUDE)
  void renormalisedFactorsHaveMeanOneWhateverIsMeasured(Measure measure) {
    for (boolean invert : new boolean[] {false, true}) {
      ScaledTwin twin =
          new ScaledTwin(bench)
              .with(
                  new ScalingSettings(
                      measure, Target.GRADIENT, Clip.AFTER, invert, true, invert, 1.1, true));
      step(twin);
      assertThat(Arrays.stream(factors(twin)).average().orElseThrow()).isCloseTo(1, within(1e-15));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aFixedOrderIsAlwaysTheSameAndGivesNoBlockItsOwnFactor(long seed) {
    ScaledTwin straight = twin(Measure.DIVERGENCE);
    ScaledTwin fixed =
        new ScaledTwin(bench)
            .with(
                new ScalingSettings(
                    Measure.DIVERGENCE, Target.GRADIENT, Clip.AFTER, false, true, true, INF, false),
                seed);
    List<Integer> order = null;
    for (int i = 0; i < 5; i++) {
      for (ScaledTwin twin : List.of(straight, fixed)) {
        twin.model.clearGradients();
        step(twin);
        twin.optimizer.step(0, bench.scalar(1)); // counts, and changes nothing
      }
      List<Double> own = Arrays.stream(factors(straight)).boxed().toList();
      List<Integer> dealt = Arrays.stream(factors(fixed)).boxed().map(own::indexOf).toList();
      assertThat(dealt).containsExactlyInAnyOrder(0, 1, 2);
      assertThat(dealt.get(0)).isNotEqualTo(0);
      assertThat(dealt.get(1)).isNotEqualTo(1);
      assertThat(dealt.get(2)).isNotEqualTo(2);
      order = order == null ? dealt : order;
      assertThat(dealt).isEqualTo(order);
    }
  }

  @Test
  void shuffledFactorsAreTheSameOnesInAnOrderOfEachStep() {
    ScaledTwin straight = twin(Measure.DIVERGENCE);
    ScaledTwin shuffled = twin(Measure.DIVERGENCE, false, true);
    ScaledTwin again = twin(Measure.DIVERGENCE, false, true);
    Set<List<Double>> orders = new HashSet<>();
    for (int i = 0; i < 12; i++) {
      for (ScaledTwin twin : List.of(straight, shuffled, again)) {
        twin.model.clearGradients();
        step(twin);
        twin.optimizer.step(0, bench.scalar(1)); // counts, and changes nothing
      }
      assertThat(factors(shuffled)).containsExactlyInAnyOrder(factors(straight));
      assertThat(factors(again)).isEqualTo(factors(shuffled));
      orders.add(Arrays.stream(factors(shuffled)).boxed().toList());
    }
    assertThat(orders).hasSizeGreaterThan(3); // of 6
    ScaledTwin resumed = twin(Measure.DIVERGENCE, false, true);
    resumed.optimizer.restoreSteps(11);
    step(resumed);
    assertThat(factors(resumed)).isEqualTo(factors(shuffled));
  }

  @Test
  void shuffledFactorsScaleWhatTheySay() {
    ScaledTwin plain = new ScaledTwin(bench);
    ScaledTwin shuffled = twin(Measure.DIVERGENCE, false, true);
    step(plain);
    step(shuffled);
    double[] before = blockNorms(plain.model);
    double[] after = blockNorms(shuffled.model);
    for (int b = 0; b < LAYERS; b++) {
      assertThat(after[b]).isCloseTo(shuffled.factor(b) * before[b], within(1e-12));
    }
  }

  @ParameterizedTest
  @EnumSource(names = "NONE", mode = Mode.EXCLUDE)
  void whatIsForgottenDoesNotCount(Measure measure) {
    ScaledTwin undisturbed = twin(measure);
    ScaledTwin disturbed = twin(measure);
    for (int i = 0; i < 2; i++) {
      disturbed.model.clearGradients();
      undisturbed.model.clearGradients();
      disturbed.microBatch(otherTokens, targets);
      disturbed.model.clearGradients();
      disturbed.scaling.forget();
      step(undisturbed);
      step(disturbed);
      assertThat(disturbed.scaling.diagnostics()).isEqualTo(undisturbed.scaling.diagnostics());
    }
  }
}
