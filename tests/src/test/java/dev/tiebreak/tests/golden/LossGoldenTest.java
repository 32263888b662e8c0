package dev.tiebreak.tests.golden;

import dev.tiebreak.losses.GainDiagnostics;
import dev.tiebreak.losses.LayerScaling;
import dev.tiebreak.losses.Prediction;
import dev.tiebreak.losses.ScalingSettings;
import dev.tiebreak.losses.ShapedLoss;
import dev.tiebreak.losses.TokenGain;
import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** Every case of {@code losses.safetensors} on every engine. */
class LossGoldenTest {
  private static final GoldenFile FILE = GoldenFile.read("losses");

  @TestFactory
  List<DynamicTest> everyCaseOnEveryEngine() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Engine engine : Engine.values()) {
      for (String name : FILE.cases()) {
        tests.add(DynamicTest.dynamicTest(name + " " + engine, () -> check(name, engine)));
      }
    }
    return tests;
  }

  private static void check(String name, Engine engine) {
    JsonNode settings = FILE.metadata("parameters").get(name);
    Deviations deviations = new Deviations();
    try (CpuBackend cpu = engine.open();
        Scope kept = cpu.newScope("kept");
        Scope step = cpu.newScope("step")) {
      if (name.startsWith("gain/")) {
        gain(name, engine, settings, kept, step, deviations);
      } else {
        divergence(name, engine, settings, kept, step, deviations);
      }
    }
    deviations.assertAtMost(engine.tolerance());
  }

  private static void gain(
      String name, Engine engine, JsonNode json, Scope kept, Scope step, Deviations deviations) {
    TokenGain gain = CatalogueGain.of(json, kept);
    Tensor logits = FILE.tensor(name + "/logits", engine.type, kept).requireGradient();
    Tensor targets = FILE.tensor(name + "/targets", engine.type, kept);
    try (Tape tape = Tape.start(step)) {
      Tensor losses = logits.crossEntropy(targets);
      ShapedLoss shaped = gain.shape(new Prediction(logits, losses, targets, 0, 0));
      tape.backward(shaped.loss());
      GainDiagnostics diagnostics = GainDiagnostics.of(losses, shaped);
      deviations.add("l", losses.toDoubles(), FILE.values(name + "/l"));
      deviations.add("m", shaped.plain().item(), FILE.item(name + "/m"));
      deviations.add("v", diagnostics.lossVariance(), FILE.item(name + "/v"));
      deviations.add("raw_w", shaped.unclamped().toDoubles(), FILE.values(name + "/raw_w"));
      deviations.add("w", shaped.weights().toDoubles(), FILE.values(name + "/w"));
      deviations.add("loss", shaped.loss().item(), FILE.item(name + "/loss"));
      deviations.add("dlogits", logits.gradient().toDoubles(), FILE.values(name + "/dlogits"));
    }
  }

  private static void divergence(
      String name, Engine engine, JsonNode json, Scope kept, Scope step, Deviations deviations) {
    Tensor x = FILE.tensor(name + "/x", engine.type, kept); // (blocks + 1, B, T, C)
    Tensor gradient = FILE.tensor(name + "/gradient", engine.type, kept); // (blocks, n)
    int blocks = gradient.dim(0);
    Tensor d = kept.zeros(engine.type, blocks);
    try (Tape _ = Tape.inference(step)) {
      for (int b = 0; b < blocks; b++) {
        d.set(b, x.slice(0, b, 1).divergence(x.slice(0, b + 1, 1)).item());
      }
      Tensor f = LayerScaling.factors(d, scalingSettings(json));
      for (int b = 0; b < blocks; b++) {
        gradient.slice(0, b, 1).scaleInPlace(f.slice(0, b, 1));
      }
      deviations.add("f", f.toDoubles(), FILE.values(name + "/f"));
    }
    deviations.add("d", d.toDoubles(), FILE.values(name + "/d"));
    deviations.add("scaled", gradient.toDoubles(), FILE.values(name + "/scaled"));
  }

  /** The settings of a case, with gradients as the target. */
  static ScalingSettings scalingSettings(JsonNode json) {
    return ScalingSettings.divergence(
        ScalingSettings.Target.GRADIENT,
        json.get("cap").asDouble(),
        json.path("renormalise").asBoolean(false));
  }
}
