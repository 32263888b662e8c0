package dev.tiebreak.losses;

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
import java.util.HashMap;
import java.util.Map;

/** A model, its optimizer and what one step needs; equal seeds make equal twins. */
final class ScaledTwin {
  static final int LAYERS = 3;
  static final double DECAY = 0.1;

  final Gpt model;
  final AdamW optimizer;
  LayerScaling scaling;
  private final Workbench bench;

  ScaledTwin(Workbench bench) {
    this.bench = bench;
    model = new Gpt(config(LAYERS, 8), DType.F64, bench.kept(), 7);
    optimizer =
        new AdamW(model.parameters(), bench.kept(), new AdamW.Config(0.9, 0.95, 1e-8, DECAY));
    scaling = new LayerScaling(model, optimizer, Workbench.UNSCALED, 7);
    for (Parameter parameter : model.parameters()) { // blocks that differ, no zeros
      for (long i = 0; i < parameter.tensor().size(); i++) {
        parameter.tensor().set(i, parameter.tensor().get(i) * 5 + 0.1 * Math.sin(i));
      }
    }
  }

  /** Scales by divergence. */
  ScaledTwin with(ScalingSettings.Target target, double cap) {
    return with(ScalingSettings.divergence(target, cap, false));
  }

  ScaledTwin with(ScalingSettings settings) {
    return with(settings, 7);
  }

  ScaledTwin with(ScalingSettings settings, long seed) {
    scaling = new LayerScaling(model, optimizer, settings, seed);
    return this;
  }

  void microBatch(Tensor inputs, Tensor targets) {
    try (Tape tape = bench.record()) {
      tape.backward(model.losses(inputs, targets).mean());
    }
  }

  void evaluate(Tensor inputs, Tensor targets) {
    try (Tape _ = bench.infer()) {
      model.losses(inputs, targets);
    }
  }

  double factor(int layer) {
    return scaling.diagnostics().get("block_" + layer + "_f");
  }

  double measure(int layer) {
    return scaling.diagnostics().get("block_" + layer + "_d");
  }

  /** The weights by their names. */
  Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new HashMap<>();
    model.parameters().forEach(p -> tensors.put(p.name(), p.tensor()));
    return tensors;
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

  static GptConfig config(int layers, int channels) {
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
}
