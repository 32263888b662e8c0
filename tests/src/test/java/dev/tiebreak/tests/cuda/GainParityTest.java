package dev.tiebreak.tests.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.losses.GainSettings;
import dev.tiebreak.losses.Prediction;
import dev.tiebreak.losses.ShapedLoss;
import dev.tiebreak.losses.TokenGain;
import dev.tiebreak.tensor.Backend;
import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.CrossEntropy;
import dev.tiebreak.tensor.CudaBackend;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.tensor.attention.AttentionChoice;
import dev.tiebreak.trainer.lab.config.Arms;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Every token gain gives on the simulated GPU what it gives on the CPU, ignored tokens included.
 */
@NeedsSimulatedCuda
class GainParityTest {
  private static final int VOCABULARY = 33;
  private static final int[] TARGETS = {3, CrossEntropy.IGNORE, 0, 32, 7, 7, 31, 12, 1, 2};
  private static CpuBackend cpu;
  private static CudaBackend cuda;

  @BeforeAll
  static void open() {
    SimulatedCuda.install();
    cpu = CpuBackend.create(2);
    cuda =
        CudaBackend.open(0, new CudaBackend.Options(AttentionChoice.OWN.asOption(), true, false));
  }

  @AfterAll
  static void close() {
    cuda.close();
    cpu.close();
    assertThat(cuda.context().openResources()).isZero();
    assertThat(SimulatedCuda.leaks()).isEmpty();
  }

  /** Of every arm whose gain needs no reference. */
  static Stream<String> gains() {
    return Arms.names().stream()
        .filter(name -> !name.equals("rho") && !settings(name).equals(settings(Arms.BASELINE)));
  }

  private static GainSettings settings(String arm) {
    Map<String, JsonNode> overrides = Arms.get(arm).overrides();
    String formula = overrides.get("gain.formula").asString();
    return new GainSettings(
        formula,
        overrides.get("gain.objective").asString(),
        overrides.get("gain.through").asBoolean(),
        0.4,
        0,
        0.1,
        List.of(0.0, 5.0),
        !formula.equals("s"),
        GainSettings.Window.RUNNING,
        1e-6,
        arm.equals("rho") ? "runs/reference" : "");
  }

  @ParameterizedTest
  @MethodSource("gains")
  void everyArm(String arm) {
    check(settings(arm));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rank(l - H) + abs(l - m)",
        "min(l, m) * clamp(p, 0.1, 0.9) + log(1 + l) ^ 1.5",
        "shuffle(normalise(top(u, s)))"
      })
  void formulasOfOnesOwn(String formula) {
    check(GainSettings.pure(formula, 0.4));
  }

  private static void check(GainSettings gain) {
    List<double[]> expected = run(cpu, gain);
    List<double[]> actual = run(cuda, gain);
    assertThat(SimulatedCuda.report()).isEmpty();
    for (int i = 0; i < expected.size(); i++) {
      double largest = Arrays.stream(expected.get(i)).map(Math::abs).max().orElseThrow();
      assertThat(actual.get(i)).containsExactly(expected.get(i), within(1e-5 * largest));
    }
  }

  /** Weights, loss and the logits' gradients of two micro-batches. */
  private static List<double[]> run(Backend backend, GainSettings settings) {
    Random random = new Random(5);
    List<double[]> results = new ArrayList<>();
    try (Scope kept = backend.newScope("kept");
        Scope step = backend.newScope("step")) {
      TokenGain gain = new TokenGain(settings, kept, 1, null);
      Tensor targets = kept.of(TARGETS, 2, 5);
      for (int i = 0; i < 2; i++) {
        float[] values = new float[TARGETS.length * VOCABULARY];
        for (int j = 0; j < values.length; j++) {
          values[j] = (float) (2 * random.nextGaussian());
        }
        Tensor leaf = kept.of(values, 2, 5, VOCABULARY).requireGradient();
        try (Tape tape = Tape.start(step)) {
          Tensor logits = leaf.scale(1);
          Tensor losses = logits.crossEntropyInPlace(targets);
          ShapedLoss shaped = gain.shape(new Prediction(logits, losses, targets, i, i));
          results.add(shaped.weights().mul(shaped.mask()).toDoubles());
          results.add(shaped.loss().toDoubles());
          tape.backward(shaped.loss());
          results.add(leaf.gradient().toDoubles());
        }
      }
    }
    return results;
  }
}
