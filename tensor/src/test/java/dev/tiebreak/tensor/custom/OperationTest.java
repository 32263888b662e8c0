package dev.tiebreak.tensor.custom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.tensor.Contribution;
import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.OpTimes;
import dev.tiebreak.tensor.Operation;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Operations of others: they can be written from outside, and forgetting a gradient is an error.
 */
class OperationTest {
  private static final CpuBackend CPU = CpuBackend.withoutBlas(1);

  private final Scope model = CPU.newScope("model");
  private final Scope step = CPU.newScope("step");
  private final Tensor x = model.of(new double[] {1, -2, 3}, 3).requireGradient();
  private final Tensor w = model.of(new double[] {4, 5, 6}, 3).requireGradient();

  @AfterEach
  void closeScopes() {
    model.close();
    step.close();
  }

  @AfterAll
  static void close() {
    CPU.close();
  }

  /** The example of {@link Operation}. */
  private static Tensor square(Tensor x) {
    Tensor y = x.like();
    for (long i = 0; i < x.size(); i++) {
      y.set(i, x.get(i) * x.get(i));
    }
    return Operation.record(
        y,
        dy -> {
          Contribution dx = Contribution.start(x);
          for (long i = 0; i < x.size(); i++) {
            dx.put(i, 2 * x.get(i) * dy.get(i));
          }
        },
        x);
  }

  /** a b, whose way back knows a only. */
  private static Tensor forgetful(Tensor a, Tensor b) {
    Tensor y = a.like();
    for (long i = 0; i < a.size(); i++) {
      y.set(i, a.get(i) * b.get(i));
    }
    return Operation.record(
        y,
        dy -> {
          Contribution da = Contribution.start(a);
          for (long i = 0; da.isWanted() && i < a.size(); i++) {
            da.put(i, b.get(i) * dy.get(i));
          }
        },
        a,
        b);
  }

  @Test
  void anOperationFromOutsideIsDifferentiatedLikeAnyOther() {
    try (Tape tape = Tape.start(step)) {
      Tensor y = square(x).add(square(x.scale(2)));
      assertThat(y.toDoubles()).containsExactly(5, 20, 45);
      tape.backward(y.sum());
    }
    assertThat(x.gradient().toDoubles()).containsExactly(10, -20, 30);
    try (Tape tape = Tape.start(step)) {
      tape.backward(square(x.slice(0, 1, 1)).sum()); // adds, in a view
    }
    assertThat(x.gradient().toDoubles()).containsExactly(10, -24, 30);
  }

  @Test
  void aWayBackThatForgetsAnInputIsAnError() {
    try (Tape tape = Tape.start(step)) {
      Tensor loss = forgetful(x, w).sum();
      assertThatThrownBy(() -> tape.backward(loss))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "the backward of OperationTest adds nothing to the gradient of its input 1,"
                  + " Tensor[3] F64: call Contribution.start for it and write what it gives");
    }
  }

  @Test
  void itIsAnErrorAlsoWhereOthersAddToThatInputOrAnEarlierStepDid() {
    try (Tape tape = Tape.start(step)) {
      tape.backward(square(w).sum());
    }
    try (Tape tape = Tape.start(step)) {
      Tensor loss = forgetful(x, w).add(w.scale(2)).sum();
      assertThatThrownBy(() -> tape.backward(loss)).hasMessageContaining("input 1");
    }
  }

  @Test
  void anInputThatWantsNoGradientNeedsNone() {
    try (Tape tape = Tape.start(step)) {
      tape.backward(forgetful(x, w.detach()).sum());
    }
    assertThat(x.gradient().toDoubles()).containsExactly(4, 5, 6);
    assertThat(w.hasGradient()).isFalse();
  }

  @Test
  void withoutATapeThatRecordsNothingIsRecorded() {
    try (Tape tape = Tape.inference(step)) {
      assertThat(square(x).requiresGradient()).isFalse();
      assertThat(tape.length()).isZero();
    }
  }

  @Test
  void itsTimeIsThatOfTheClassItStandsIn() {
    OpTimes times = new OpTimes();
    try (Tape tape = Tape.timed(step, times)) {
      tape.backward(square(x).sum());
    }
    assertThat(times.totals())
        .filteredOn(total -> total.operation().equals("OperationTest"))
        .hasSize(2); // forwards and backwards
  }
}
