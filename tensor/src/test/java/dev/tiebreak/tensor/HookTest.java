package dev.tiebreak.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Hooks, on a chain of two layers y = w2 (w1 x): scaling an activation's gradient scales all that
 * lies upstream, scaling a weight's gradient scales that weight's alone.
 */
class HookTest {
  private static final CpuBackend CPU = CpuBackend.withoutBlas(1);

  private final Scope model = CPU.newScope("model");
  private final Scope step = CPU.newScope("step");
  private final Tensor x = weight(1, -2, 3);
  private final Tensor w1 = weight(4, 5, 6);
  private final Tensor w2 = weight(-7, 8, 9);

  @AfterEach
  void closeScopes() {
    model.close();
    step.close();
  }

  @AfterAll
  static void close() {
    CPU.close();
  }

  private Tensor weight(double... values) {
    return model.of(values, values.length).requireGradient();
  }

  /** The identity with a hook on its gradient: an operation of one's own. */
  private static Tensor hooked(Tensor x, Consumer<Tensor> hook) {
    return Operation.record(
        x.detach(),
        dy -> {
          hook.accept(dy);
          Contribution dx = Contribution.start(x);
          for (long i = 0; i < dy.size(); i++) {
            dx.put(i, dy.get(i));
          }
        },
        x);
  }

  private void run(double factor1, double factor2) {
    for (Tensor tensor : List.of(x, w1, w2)) {
      tensor.clearGradient();
    }
    try (Tape tape = Tape.start(step)) {
      Tensor first = hooked(x.mul(w1), g -> g.scaleInPlace(factor1));
      Tensor second = hooked(first.mul(w2), g -> g.scaleInPlace(factor2));
      tape.backward(second.sum());
    }
  }

  @Test
  void hooksOnTheActivationsOfTwoLayersMultiplyUpstream() {
    run(1, 1);
    double[] dx = x.gradient().toDoubles();
    double[] dw1 = w1.gradient().toDoubles();
    double[] dw2 = w2.gradient().toDoubles();
    assertThat(dx).containsExactly(4 * -7, 5 * 8, 6 * 9);
    assertThat(dw2).containsExactly(4, -10, 18);

    run(10, 3);
    assertThat(w2.gradient().toDoubles()).containsExactly(times(3, dw2));
    assertThat(w1.gradient().toDoubles()).containsExactly(times(30, dw1));
    assertThat(x.gradient().toDoubles()).containsExactly(times(30, dx));

    run(0, 3);
    assertThat(w2.gradient().toDoubles()).containsExactly(times(3, dw2));
    assertThat(w1.gradient().toDoubles()).containsExactly(times(0, dw1));
    assertThat(x.gradient().toDoubles()).containsExactly(times(0, dx));
  }

  @Test
  void scalingAWeightsGradientTouchesThatWeightOnly() {
    run(1, 1);
    double[] dx = x.gradient().toDoubles();
    double[] dw1 = w1.gradient().toDoubles();
    double[] dw2 = w2.gradient().toDoubles();
    w2.gradient().scaleInPlace(100);
    assertThat(w2.gradient().toDoubles()).containsExactly(times(100, dw2));
    assertThat(w1.gradient().toDoubles()).containsExactly(dw1);
    assertThat(x.gradient().toDoubles()).containsExactly(dx);
  }

  @Test
  void aHookSeesTheGradientOfAllUsesOfTheActivation() {
    List<double[]> seen = new ArrayList<>();
    try (Tape tape = Tape.start(step)) {
      Tensor h = hooked(x.scale(1), g -> seen.add(g.toDoubles()));
      tape.backward(h.mul(w1).add(h.mul(w2)).sum());
    }
    assertThat(seen).hasSize(1);
    assertThat(seen.getFirst()).containsExactly(4 - 7, 5 + 8, 6 + 9);
  }

  @Test
  void theHookedTensorSharesTheElementsAndNothingRunsWithoutATapeThatRecords() {
    try (Tape tape = Tape.inference(step)) {
      Tensor hooked = hooked(x, g -> g.scaleInPlace(2));
      assertThat(hooked.data().address()).isEqualTo(x.data().address());
      assertThat(tape.length()).isZero();
      assertThat(hooked.requiresGradient()).isFalse();
    }
  }

  @Test
  void aHookOnAWeightsUseTakesNoMemoryOfTheModelStepAfterStep() {
    long reserved = 0;
    long peak = 0;
    for (int i = 0; i < 5; i++) {
      try (Tape tape = Tape.start(step)) {
        tape.backward(hooked(x, g -> g.scaleInPlace(2)).mul(w1).sum());
      }
      if (i == 1) {
        reserved = model.reservedBytes();
        peak = model.peakBytes();
      }
    }
    assertThat(model.reservedBytes()).isEqualTo(reserved);
    assertThat(model.peakBytes()).isEqualTo(peak);
  }

  @Test
  void hooksWorkInFloat32Too() {
    Tensor weight = model.zeros(DType.F32, 33).requireGradient();
    try (Tape tape = Tape.start(step)) {
      tape.backward(hooked(weight, g -> g.scaleInPlace(2)).sum());
    }
    assertThat(weight.gradient().toFloats()).containsOnly(2);
  }

  private static double[] times(double factor, double[] values) {
    return Arrays.stream(values).map(v -> factor * v).toArray();
  }
}
