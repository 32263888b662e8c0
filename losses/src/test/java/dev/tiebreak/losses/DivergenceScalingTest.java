package dev.tiebreak.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.losses.DivergenceScaling.Settings;
import dev.tiebreak.losses.DivergenceScaling.Target;
import dev.tiebreak.nn.AdamW;
import dev.tiebreak.nn.Gpt;
import dev.tiebreak.nn.GptConfig;
import dev.tiebreak.nn.GptConfig.Activation;
import dev.tiebreak.nn.GptConfig.NormKind;
import dev.tiebreak.nn.GptConfig.Positions;
import dev.tiebreak.nn.Parameter;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The hooks on a model: what is measured, what is scaled and what is left alone. */
class DivergenceScalingTest {
  private static final int LAYERS = 3;
  private static final double RATE = 0.01;
  private static final double DECAY = 0.1;

  private final Workbench bench = new Workbench();
  private final Tensor tokens = bench.tokens(11, 2, 5);
  private final Tensor targets = bench.tokens(11, 2, 5);
  private final Tensor otherTokens = bench.tokens(11, 2, 5);

  @AfterEach
  void close() {
    bench.close();
  }

  /** A model, its optimizer and what one step needs; equal seeds make equal twins. */
  private final class Twin {
    final Gpt model = new Gpt(config(LAYERS, 8), DType.F64, bench.kept(), 7);
    final AdamW optimizer =
        new AdamW(model.parameters(), bench.kept(), new AdamW.Config(0.9, 0.95, 1e-8, DECAY));
    LayerScaling scaling = LayerScaling.none();

    Twin() {
      for (Parameter parameter : model.parameters()) { // blocks that differ, no zeros
        for (long i = 0; i < parameter.tensor().size(); i++) {
          parameter.tensor().set(i, parameter.tensor().get(i) * 5 + 0.1 * Math.sin(i));
        }
      }
    }

    Twin with(Target target, double cap) {
      scaling = LayerScaling.divergence(model, optimizer, new Settings(target, cap, false));
      return this;
    }

    void microBatch(Tensor inputs) {
      try (Tape tape = bench.record()) {
        tape.backward(model.losses(inputs, targets).mean());
      }
    }

    void evaluate(Tensor inputs) {
      try (Tape _ = bench.infer()) {
        model.losses(inputs, targets);
      }
    }

    double factor(int layer) {
      return scaling.diagnostics().get("block_" + layer + "_f");
    }

    double divergence(int layer) {
      return scaling.diagnostics().get("block_" + layer + "_d");
    }

    Map<String, double[]> gradients() {
      Map<String, double[]> gradients = new HashMap<>();
      model.parameters().forEach(p -> gradients.put(p.name(), p.tensor().gradient().toDoubles()));
      return gradients;
    }

    Map<String, double[]> weights() {
      Map<String, double[]> weights = new HashMap<>();
      model.parameters().forEach(p -> weights.put(p.name(), p.tensor().toDoubles()));
      return weights;
    }

    /** The factor that a weight of this name should get. */
    double factorOf(String name) {
      return name.startsWith("blocks.") ? factor(Integer.parseInt(name.split("\\.")[1])) : 1;
    }
  }

  private static GptConfig config(int layers, int channels) {
    return new GptConfig(
        11,
        5,
        layers,
        2,
        2,
        channels,
        16,
        Positions.LEARNED,
        NormKind.LAYER,
        Activation.GELU,
        false,
        true,
        0,
        10000,
        1e-5);
  }

  @Test
  void divergenceIsTheLengthOfTheChangeOverTheLengthOfTheInput() {
    Gpt model = new Gpt(config(2, 4), DType.F64, bench.kept(), 1);
    LayerScaling scaling =
        LayerScaling.divergence(
            model,
            new AdamW(model.parameters(), bench.kept(), new AdamW.Config(0.9, 0.95, 1e-8, 0)),
            new Settings(Target.GRADIENT, 1.1, false));
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
    Twin plain = new Twin();
    Twin scaled = new Twin().with(Target.GRADIENT, 1.2);
    for (Twin twin : List.of(plain, scaled)) {
      twin.microBatch(tokens);
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
    Twin plain = new Twin();
    Twin scaled = new Twin().with(Target.UPDATE, 1.2);
    Map<String, double[]> before = plain.weights();
    for (Twin twin : List.of(plain, scaled)) {
      twin.microBatch(tokens);
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
        double decayed = before.get(name)[i] * (1 - (parameter.decays() ? RATE * DECAY : 0));
        expected[i] = decayed + (expected[i] - decayed) * scaled.factorOf(name);
      }
      assertThat(weights.get(name)).as(name).containsExactly(expected, within(1e-15));
    }
  }

  @Test
  void divergenceIsAveragedOverMicroBatchesInAnyOrder() {
    Twin first = new Twin().with(Target.GRADIENT, 1.2);
    Twin second = new Twin().with(Target.GRADIENT, 1.2);
    Twin both = new Twin().with(Target.GRADIENT, 1.2);
    Twin turned = new Twin().with(Target.GRADIENT, 1.2);
    first.microBatch(tokens);
    second.microBatch(otherTokens);
    both.microBatch(tokens);
    both.microBatch(otherTokens);
    turned.microBatch(otherTokens);
    turned.microBatch(tokens);
    List.of(first, second, both, turned).forEach(twin -> bench.gradientsReady(twin.model));

    for (int layer = 0; layer < LAYERS; layer++) {
      assertThat(first.divergence(layer)).isNotEqualTo(second.divergence(layer));
      assertThat(both.divergence(layer))
          .isCloseTo((first.divergence(layer) + second.divergence(layer)) / 2, within(1e-15));
    }
    assertThat(turned.scaling.diagnostics()).isEqualTo(both.scaling.diagnostics());
  }

  @Test
  void theOrderOfTheHooksDoesNotMatter() {
    Twin forwards = new Twin().with(Target.GRADIENT, 1.2);
    Twin backwards = new Twin().with(Target.GRADIENT, 1.2);
    forwards.microBatch(tokens);
    backwards.microBatch(tokens);
    bench.gradientsReady(forwards.model);
    List<Parameter> reversed = new ArrayList<>(backwards.model.parameters()).reversed();
    try (Tape _ = bench.infer()) {
      reversed.forEach(parameter -> parameter.tensor().gradientReady());
    }
    Map<String, double[]> expected = forwards.gradients();
    backwards
        .gradients()
        .forEach((name, gradient) -> assertThat(gradient).isEqualTo(expected.get(name)));
  }

  @Test
  void everyStepMeasuresAnew() {
    Twin twin = new Twin().with(Target.GRADIENT, 1.2);
    Twin fresh = new Twin().with(Target.GRADIENT, 1.2);
    twin.microBatch(tokens);
    bench.gradientsReady(twin.model);
    twin.model.clearGradients();
    twin.microBatch(otherTokens);
    bench.gradientsReady(twin.model);
    fresh.microBatch(otherTokens);
    bench.gradientsReady(fresh.model);
    assertThat(twin.scaling.diagnostics()).isEqualTo(fresh.scaling.diagnostics());
    assertThat(twin.gradients().get("blocks.1.mlp.up.weight"))
        .isEqualTo(fresh.gradients().get("blocks.1.mlp.up.weight"));
  }

  @Test
  void evaluationBetweenMicroBatchesChangesNothing() {
    Twin undisturbed = new Twin().with(Target.GRADIENT, 1.2);
    Twin disturbed = new Twin().with(Target.GRADIENT, 1.2);
    undisturbed.microBatch(tokens);
    undisturbed.microBatch(otherTokens);
    disturbed.evaluate(otherTokens);
    disturbed.microBatch(tokens);
    disturbed.evaluate(targets);
    disturbed.microBatch(otherTokens);
    disturbed.evaluate(targets);
    bench.gradientsReady(undisturbed.model);
    bench.gradientsReady(disturbed.model);
    disturbed.evaluate(targets);
    assertThat(disturbed.scaling.diagnostics()).isEqualTo(undisturbed.scaling.diagnostics());
  }

  @Test
  void theBaselineHasNothingToSay() {
    Twin twin = new Twin();
    twin.microBatch(tokens);
    Map<String, double[]> before = twin.gradients();
    bench.gradientsReady(twin.model);
    assertThat(twin.scaling.diagnostics()).isEmpty();
    twin.gradients().forEach((name, gradient) -> assertThat(gradient).isEqualTo(before.get(name)));
  }
}
