package dev.tiebreak.losses;

import static dev.tiebreak.losses.Weighting.PRECISION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.losses.GainSettings.Window;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Every number of the diagnostics against one worked out by hand. */
class GainDiagnosticsTest {
  private static final Set<Weighting> OF_THE_LOSS =
      EnumSet.of(
          PRECISION,
          Weighting.Z,
          Weighting.LINEAR,
          Weighting.SIGMOID,
          Weighting.FOCAL,
          Weighting.DFT,
          Weighting.CONSTANT);

  private final Workbench bench = new Workbench();

  @AfterEach
  void close() {
    bench.close();
  }

  private GainDiagnostics diagnose(TokenGain gain, Tensor losses) {
    Tensor targets = bench.targets(new int[(int) losses.size()]);
    try (Tape _ = bench.record()) {
      return GainDiagnostics.of(losses, gain.shape(bench.prediction(losses, targets, 0)));
    }
  }

  private static void check(GainDiagnostics actual, String name, double expected) {
    assertThat(actual.toMap().get(name)).as(name).isCloseTo(expected, within(1e-14));
  }

  @Test
  void aClampedGainOnLossesOneTwoThreeSix() {
    Terms settings = new Terms(3.5, 0, 0, 0, 0, 2, true, Window.MICRO);
    GainDiagnostics d = diagnose(bench.gain(PRECISION, settings), bench.losses(6, 2, 1, 3));
    // Weights l - 2 = 4, 0, -1, 1; clamped 2, 0, 0, 1; renormalised 8/3, 0, 0, 4/3.
    check(d, "gain_strength", 3.5);
    check(d, "gain_residual", 5 - 3 - 3.5);
    check(d, "loss_mean", 3);
    check(d, "loss_variance", 3.5);
    check(d, "loss_skew", 4.5 / Math.pow(3.5, 1.5)); // (27 - 1 - 8 + 0) / 4 = 4.5
    check(d, "loss_p01", 1);
    check(d, "loss_p50", 2);
    check(d, "loss_p99", 6);
    check(d, "loss_max", 6);
    check(d, "weight_mean_before_clamp", 1);
    check(d, "weight_mean_after_clamp", 0.75);
    check(d, "weight_mean", 1);
    check(d, "weight_sd", Math.sqrt((25 + 9 + 9 + 1) / 9.0 / 4));
    check(d, "weight_min", 0);
    check(d, "weight_max", 8 / 3.0);
    check(d, "weight_effective_share", 16 / (4 * (64 + 16) / 9.0));
    check(d, "weight_negative_share", 0);
    check(d, "weight_clamped_share", 0.5);
    check(d, "weight_bin_0", 0.5); // from 0 to 0.25
    check(d, "weight_bin_5", 0.25); // from 1.25
    check(d, "weight_bin_10", 0.25); // from 2.5
    assertThat(d.toMap()).hasSize(18 + GainDiagnostics.BINS);
    assertThat(d.histogram().stream().mapToDouble(share -> share).sum()).isEqualTo(1);
  }

  @Test
  void thePureFormulaLeavesNoResidual() {
    GainDiagnostics d = diagnose(bench.gain(PRECISION, Terms.pure(3.5)), bench.losses(1, 2, 3, 6));
    check(d, "gain_residual", 0);
    check(d, "weight_mean", 1);
    check(d, "weight_sd", Math.sqrt(3.5)); // s / sigma
    check(d, "weight_effective_share", 16 / (4.0 * 18));
    check(d, "weight_negative_share", 0.25);
    check(d, "weight_clamped_share", 0);
    assertThat(d.histogram().stream().mapToDouble(share -> share).sum())
        .as("negative weights are counted apart")
        .isEqualTo(0.75);
  }

  @Test
  void aClampWithoutRenormalisingShowsInTheMean() {
    Terms settings = new Terms(3.5, 0, 0, 0, 0, 2, false, Window.MICRO);
    GainDiagnostics d = diagnose(bench.gain(PRECISION, settings), bench.losses(1, 2, 3, 6));
    check(d, "weight_mean_after_clamp", 0.75); // 0, 0, 1, 2
    check(d, "weight_mean", 0.75);
    check(d, "weight_sd", Math.sqrt(5 / 4.0 - 0.75 * 0.75));
    check(d, "weight_effective_share", 9 / (4.0 * 5));
  }

  @Test
  void theBaselineWeighsEveryTokenTheSame() {
    GainDiagnostics d = diagnose(bench.noGain(), bench.losses(1, 2, 3, 6));
    check(d, "gain_strength", 0);
    check(d, "gain_residual", 0);
    check(d, "weight_mean", 1);
    check(d, "weight_sd", 0);
    check(d, "weight_effective_share", 1);
    check(d, "loss_variance", 3.5);
    assertThat(d.histogram()).as("nothing to see").isEmpty();
  }

  @Test
  void quantilesAreNearestRanks() {
    double[] losses = new double[200];
    for (int i = 0; i < losses.length; i++) {
      losses[i] = (i * 37 + 11) % 200 + 1; // 1 .. 200 in another order
    }
    GainDiagnostics d = diagnose(bench.noGain(), bench.losses(losses));
    check(d, "loss_p01", 2);
    check(d, "loss_p50", 100);
    check(d, "loss_p99", 198);
    check(d, "loss_max", 200);
  }

  @Test
  void equalLossesHaveNoSkew() {
    GainDiagnostics d = diagnose(bench.noGain(), bench.losses(2, 2, 2));
    check(d, "loss_variance", 0);
    check(d, "loss_skew", 0);
  }

  @ParameterizedTest
  @EnumSource(names = "RHO", mode = Mode.EXCLUDE)
  void everyKindHasEveryNumberButAResidualThatMeansNothing(Weighting weighting) {
    Terms terms = Terms.pure(weighting.chooses() ? 0.25 : 0.7);
    checkAll(bench.gain(weighting, terms), OF_THE_LOSS.contains(weighting));
    checkAll(bench.shuffled(weighting, terms, 1), false);
  }

  @ParameterizedTest
  @EnumSource
  void soHasEveryObjective(Objective objective) {
    checkAll(bench.objective(objective, Terms.pure(0.2)), false);
  }

  private void checkAll(TokenGain gain, boolean residual) {
    Tensor logits = bench.normal(DType.F64, 2, 2, 5, 9).requireGradient();
    Tensor targets = bench.tokens(9, 2, 5);
    try (Tape _ = bench.record()) {
      Prediction prediction = Workbench.inPlace(logits, targets);
      GainDiagnostics d = GainDiagnostics.of(prediction.losses(), gain.shape(prediction));
      assertThat(d.toMap()).hasSize((residual ? 18 : 17) + d.histogram().size());
      assertThat(d.toMap().values()).allMatch(Double::isFinite);
      if (residual) {
        check(d, "gain_residual", 0);
      }
    }
  }
}
