package dev.tiebreak.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.losses.ScalingSettings.Target;
import dev.tiebreak.nn.AdamW;
import dev.tiebreak.nn.Gpt;
import dev.tiebreak.nn.Parameter;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The hooks on a model: what is measured, what is scaled and what is left alone. */
class LayerScalingTest {
  private static final double RATE = 0.01;

  private final Workbench bench = new Workbench();
  private final Tensor tokens = bench.tokens(11, 2, 5);
  private final Tensor targets = bench.tokens(11, 2, 5);
  private final Tensor otherTokens = bench.tokens(11, 2, 5);

  private ScaledTwin twin() {
    return new ScaledTwin(bench);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void divergenceIsTheLengthOfTheChangeOverTheLengthOfTheInput() {
    Gpt model = new Gpt(ScaledTwin.config(2, 4), DType.F64, bench.kept(), 1);
    LayerScaling scaling =
        new LayerScaling(
            model,
            new AdamW(model.parameters(), bench.kept(), new AdamW.Config(0.9, 0.95, 1e-8, 0)),
            ScalingSettings.divergence(Target.GRADIENT, 1.1, false),
            1);
    // Token 0 is (3, 4, 0, 0), token 1 twice that; block 0 adds (0, 0, 1, 0), block 1 adds twice
    // it.
    for (Parameter parameter : model.parameters()) {
      for (long i = 0; i < parameter.tensor().size(); i++) {
        parameter.tensor().set(i, 0);
      }
    }
    set(model, "token_embedding.weight", 3, 4, 0, 0, 6, 8, 0, 0);
    set(model, "blocks.0.mlp.down.bias", 0, 0, 1, 0);
    set(model, "blocks.1.mlp.down.bias", 0, 0, 2, 0);
    for (int token = 0; token < 2; token++) {
      Tensor batch = bench.targets(token, token, token);
      try (Tape tape = bench.record()) {
        tape.backward(model.losses(batch, batch).mean());
      }
    }
    bench.gradientsReady(model);

    double d0 = (1 / 5.0 + 1 / 10.0) / 2;
    double d1 = (2 / Math.sqrt(26) + 2 / Math.sqrt(101)) / 2;
    double mean = (d0 + d1) / 2;
    assertThat(scaling.diagnostics())
        .containsOnlyKeys("block_0_d", "block_0_f", "block_1_d", "block_1_f");
    assertThat(scaling.diagnostics().values())
        .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-14 ? 0 : Double.compare(a, b))
        .containsExactly(d0, d0 / mean, d1, 1.1); // d1 / mean is 1.325: capped
  }

  private static void set(Gpt model, String name, double... values) {
    Tensor tensor =
        model.parameters().stream()
            .filter(p -> p.name().equals(name))
            .findFirst()
            .orElseThrow()
            .tensor();
    for (int i = 0; i < values.length; i++) {
      tensor.set(i, values[i]);
    }
  }

  @Test
  void onlyTheGradientsOfBlocksAreScaled() {
    ScaledTwin plain = twin();
    ScaledTwin scaled = twin().with(Target.GRADIENT, 1.2);
    for (ScaledTwin twin : List.of(plain, scaled)) {
      twin.microBatch(tokens, targets);
      bench.gradientsReady(twin.model);
    }
    assertThat(scaled.factor(0)).isNotCloseTo(1, within(0.05));
    Map<String, double[]> actual = scaled.gradients();
    plain
        .gradients()
        .forEach((name, gradient) -> {
          for (int i = 0; i < gradient.length; i++) {
            gradient[i] *= scaled.factorOf(name);
          }
          assertThat(actual.get(name)).as(name).isEqualTo(gradient);
        });
  }

  @Test
  void withTargetUpdateGradientsStayAndOnlyTheStepIsScaled() {
    ScaledTwin plain = twin();
    ScaledTwin scaled = twin().with(Target.UPDATE, 1.2);
    Map<String, double[]> before = plain.weights();
    for (ScaledTwin twin : List.of(plain, scaled)) {
      twin.microBatch(tokens, targets);
      bench.gradientsReady(twin.model);
      twin.optimizer.step(RATE, bench.scalar(1));
    }
    assertThat(scaled.factor(0)).isNotCloseTo(1, within(0.05));
    Map<String, double[]> gradients = scaled.gradients();
    Map<String, double[]> weights = scaled.weights();
    for (Parameter parameter : plain.model.parameters()) {
      String name = parameter.name();
      assertThat(gradients.get(name)).isEqualTo(parameter.tensor().gradient().toDoubles());
      double[] expected = parameter.tensor().toDoubles();
      for (int i = 0; i < expected.length; i++) {
        double decayed =
            before.get(name)[i] * (1 - (parameter.decays() ? RATE * ScaledTwin.DECAY : 0));
        expected[i] = decayed + (expected[i] - decayed) * scaled.factorOf(name);
      }
      assertThat(weights.get(name)).as(name).containsExactly(expected, within(1e-15));
    }
  }

  @Test
  void divergenceIsAveragedOverMicroBatchesInAnyOrder() {
    ScaledTwin first = twin().with(Target.GRADIENT, 1.2);
    ScaledTwin second = twin().with(Target.GRADIENT, 1.2);
    ScaledTwin both = twin().with(Target.GRADIENT, 1.2);
    ScaledTwin turned = twin().with(Target.GRADIENT, 1.2);
    first.microBatch(tokens, targets);
    second.microBatch(otherTokens, targets);
    both.microBatch(tokens, targets);
    both.microBatch(otherTokens, targets);
    turned.microBatch(otherTokens, targets);
    turned.microBatch(tokens, targets);
    List.of(first, second, both, turned).forEach(twin -> bench.gradientsReady(twin.model));

    for (int layer = 0; layer < ScaledTwin.LAYERS; layer++) {
      assertThat(first.measure(layer)).isNotEqualTo(second.measure(layer));
      assertThat(both.measure(layer))
          .isCloseTo((first.measure(layer) + second.measure(layer)) / 2, within(1e-15));
    }
    assertThat(turned.scaling.diagnostics()).isEqualTo(both.scaling.diagnostics());
  }

  @Test
  void aWeightWithoutAGradientPutsNothingOutOfStep() {
    ScaledTwin whole = twin().with(Target.GRADIENT, 1.2);
    ScaledTwin part = twin().with(Target.GRADIENT, 1.2);
    String missing = "blocks.1.mlp.up.weight";
    for (int i = 0; i < 3; i++) { // steps
      for (ScaledTwin twin : List.of(whole, part)) {
        twin.model.clearGradients();
        twin.microBatch(i % 2 == 0 ? tokens : otherTokens, targets);
      }
      part.tensors().get(missing).clearGradient();
      bench.gradientsReady(whole.model);
      bench.gradientsReady(part.model);
      assertThat(part.scaling.diagnostics()).isEqualTo(whole.scaling.diagnostics());
      Map<String, double[]> expected = whole.gradients();
      part.gradients()
          .forEach((name, gradient) -> {
            if (!name.equals(missing)) {
              assertThat(gradient).as(name).isEqualTo(expected.get(name));
            }
          });
    }
  }

  @Test
  void aStepWithoutAForwardPassIsRefused() {
    ScaledTwin twin = twin().with(Target.GRADIENT, 1.2);
    assertThatThrownBy(() -> bench.gradientsReady(twin.model))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no forward pass");
  }

  @Test
  void everyStepMeasuresAnew() {
    ScaledTwin twin = twin().with(Target.GRADIENT, 1.2);
    ScaledTwin fresh = twin().with(Target.GRADIENT, 1.2);
    twin.microBatch(tokens, targets);
    bench.gradientsReady(twin.model);
    twin.model.clearGradients();
    twin.microBatch(otherTokens, targets);
    bench.gradientsReady(twin.model);
    fresh.microBatch(otherTokens, targets);
    bench.gradientsReady(fresh.model);
    assertThat(twin.scaling.diagnostics()).isEqualTo(fresh.scaling.diagnostics());
    assertThat(twin.gradients().get("blocks.1.mlp.up.weight"))
        .isEqualTo(fresh.gradients().get("blocks.1.mlp.up.weight"));
  }

  @Test
  void evaluationBetweenMicroBatchesChangesNothing() {
    ScaledTwin undisturbed = twin().with(Target.GRADIENT, 1.2);
    ScaledTwin disturbed = twin().with(Target.GRADIENT, 1.2);
    undisturbed.microBatch(tokens, targets);
    undisturbed.microBatch(otherTokens, targets);
    disturbed.evaluate(otherTokens, targets);
    disturbed.microBatch(tokens, targets);
    disturbed.evaluate(targets, targets);
    disturbed.microBatch(otherTokens, targets);
    disturbed.evaluate(targets, targets);
    bench.gradientsReady(undisturbed.model);
    bench.gradientsReady(disturbed.model);
    disturbed.evaluate(targets, targets);
    assertThat(disturbed.scaling.diagnostics()).isEqualTo(undisturbed.scaling.diagnostics());
  }

  @Test
  void theBaselineHasNothingToSay() {
    ScaledTwin twin = twin();
    twin.microBatch(tokens, targets);
    Map<String, double[]> before = twin.gradients();
    bench.gradientsReady(twin.model);
    assertThat(twin.scaling.diagnostics()).isEmpty();
    twin.gradients().forEach((name, gradient) -> assertThat(gradient).isEqualTo(before.get(name)));
  }
}
