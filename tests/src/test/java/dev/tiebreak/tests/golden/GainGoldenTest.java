package dev.tiebreak.tests.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.losses.Prediction;
import dev.tiebreak.losses.ShapedLoss;
import dev.tiebreak.losses.TokenGain;
import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.trainer.lab.config.Arms;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every case of {@code gains.safetensors} on every engine, as in training: the cross-entropy writes
 * its gradient over the logits.
 */
class GainGoldenTest {
  private static final GoldenFile FILE = GoldenFile.read("gains");

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
    Deviations deviations = new Deviations();
    try (CpuBackend cpu = engine.open();
        Scope kept = cpu.newScope("kept");
        Scope step = cpu.newScope("step")) {
      TokenGain gain = CatalogueGain.of(FILE.metadata("parameters").get(name), kept);
      Tensor leaf = FILE.tensor(name + "/logits", engine.type, kept).requireGradient();
      Tensor targets = FILE.tensor(name + "/targets", engine.type, kept);
      try (Tape tape = Tape.start(step)) {
        Tensor logits = leaf.scale(1);
        Tensor losses = logits.crossEntropyInPlace(targets);
        ShapedLoss shaped = gain.shape(new Prediction(logits, losses, targets, 0, 0));
        Tensor mask = shaped.mask();
        Tensor w = mask == null ? shaped.weights() : shaped.weights().mul(mask);
        deviations.add("w", w.toDoubles(), FILE.values(name + "/w"));
        deviations.add("loss", shaped.loss().item(), FILE.item(name + "/loss"));
        tape.backward(shaped.loss());
        deviations.add("dlogits", leaf.gradient().toDoubles(), FILE.values(name + "/dlogits"));
      }
    }
    deviations.assertAtMost(engine.tolerance());
  }

  /**
   * Two have none: a reference's losses are not in the file, and an order at random is no value.
   */
  @Test
  void everyGainOfTheCatalogueHasACase() {
    Set<String> covered =
        FILE.cases().stream()
            .map(name -> CatalogueGain.arm(FILE.metadata("parameters").get(name)))
            .map(CatalogueGain::formulas)
            .collect(Collectors.toCollection(HashSet::new));
    covered.add(CatalogueGain.formulas(Arms.BASELINE));
    assertThat(Arms.names())
        .filteredOn(arm -> !covered.contains(CatalogueGain.formulas(arm)))
        .containsExactly("rho", "shuffled-gain");
  }
}
