package dev.tiebreak.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.util.Comparator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a tape records, how often it runs backwards, and what it refuses. */
class TapeTest {
  private static final CpuBackend CPU = CpuBackend.withoutBlas(1);

  private final Scope model = CPU.newScope("model");
  private final Scope step = CPU.newScope("step");
  private final Tensor w = model.of(new double[] {1, 2, 3}, 3).requireGradient();
  private final Tensor constant = model.of(new double[] {4, 5, 6}, 3);

  @AfterEach
  void closeScopes() {
    model.close();
    step.close();
  }

  @AfterAll
  static void close() {
    CPU.close();
  }

  @Test
  void backwardAddsTheGradientOfAScalar() {
    try (Tape tape = Tape.start(step)) {
      tape.backward(w.mul(w).mul(constant).sum());
      assertThat(w.gradient().toDoubles()).containsExactly(8, 20, 36);
    }
    assertThat(w.gradient().toDoubles()).as("it outlives the step").containsExactly(8, 20, 36);
  }

  @Test
  void backwardAddsAProductWithAnyUpstreamGradient() {
    try (Tape tape = Tape.start(step)) {
      tape.backward(w.mul(constant), step.of(new double[] {1, 10, 100}, 3));
    }
    assertThat(w.gradient().toDoubles()).containsExactly(4, 50, 600);
  }

  @Test
  void aTimedTapeSaysHowOftenEachOperationRanAndHowLong() {
    OpTimes times = new OpTimes();
    long start = System.nanoTime();
    for (int i = 0; i < 2; i++) {
      try (Tape tape = Tape.timed(step, times)) {
        tape.backward(w.mul(w).mul(constant).sum());
      }
    }
    double wall = (System.nanoTime() - start) * 1e-9;
    assertThat(times.totals())
        .extracting(OpTimes.Total::operation, OpTimes.Total::backward, OpTimes.Total::runs)
        .containsExactlyInAnyOrder(
            tuple("Multiply", false, 4),
            tuple("Multiply", true, 4),
            tuple("Sum", false, 2),
            tuple("Sum", true, 2));
    assertThat(times.totals())
        .isSortedAccordingTo(Comparator.comparingDouble(OpTimes.Total::seconds).reversed());
    double sum = times.totals().stream().mapToDouble(OpTimes.Total::seconds).sum();
    assertThat(sum).isPositive().isLessThanOrEqualTo(wall);
    times.clear();
    assertThat(times.totals()).isEmpty();
  }

  @Test
  void microBatchesAddUpUntilTheGradientIsCleared() {
    for (int i = 1; i <= 3; i++) {
      try (Tape tape = Tape.start(step)) {
        tape.backward(w.mul(constant).sum());
      }
      assertThat(w.gradient().toDoubles()).containsExactly(4 * i, 5 * i, 6 * i);
    }
    w.clearGradient();
    try (Tape tape = Tape.start(step)) {
      tape.backward(w.sum());
    }
    assertThat(w.gradient().toDoubles()).containsExactly(1, 1, 1);
  }

  @Test
  void aWeightItselfMayBeDifferentiated() {
    for (int i = 1; i <= 2; i++) {
      try (Tape tape = Tape.start(step)) {
        tape.backward(w, step.of(new double[] {7, 8, 9}, 3));
      }
      assertThat(w.gradient().toDoubles()).containsExactly(7 * i, 8 * i, 9 * i);
    }
  }

  @Test
  void whatDoesNotLeadToTheOutputIsNotRunBackwards() {
    try (Tape tape = Tape.start(step)) {
      Tensor other = w.exp();
      tape.backward(w.sum());
      assertThat(other.hasGradient()).isFalse();
      assertThat(w.gradient().toDoubles()).containsExactly(1, 1, 1);
    }
  }

  @Test
  void onlyWhatDependsOnAWeightIsRecorded() {
    try (Tape tape = Tape.start(step)) {
      Tensor free = constant.exp().mul(constant);
      assertThat(tape.length()).isZero();
      assertThat(free.requiresGradient()).isFalse();
      assertThat(free.mul(w).requiresGradient()).isTrue();
      assertThat(tape.length()).isEqualTo(1);
      assertThat(constant.hasGradient()).isFalse();
    }
  }

  @Test
  void aSecondBackwardOnTheSameTapeIsRefusedAndChangesNothing() {
    try (Tape tape = Tape.start(step)) {
      Tensor shared = w.mul(constant);
      Tensor first = shared.sum();
      Tensor second = shared.mean();
      tape.backward(first);
      assertThatThrownBy(() -> tape.backward(second))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "backward ran on this tape before: add the objectives up, or open a tape for each");
      assertThat(w.gradient().toDoubles()).containsExactly(4, 5, 6);
    }
  }

  @Test
  void backwardNeedsAScalarOrAGradientOfTheOutputsShape() {
    try (Tape tape = Tape.start(step)) {
      Tensor y = w.exp();
      assertThatThrownBy(() -> tape.backward(y))
          .hasMessage("backward starts from a scalar, got shape [3]; take mean() or sum()");
      assertThatThrownBy(() -> tape.backward(y, step.zeros(DType.F64, 2)))
          .hasMessage("gradient has shape [2], output has [3]");
      assertThatThrownBy(() -> tape.backward(constant.sum()))
          .hasMessage(
              "nothing to differentiate: no tensor that requires a gradient leads to this output");
      tape.backward(y.sum());
      assertThat(w.hasGradient()).as("the refused calls left the tape usable").isTrue();
    }
  }

  @Test
  void anInferenceTapeRecordsNothing() {
    try (Tape tape = Tape.inference(step)) {
      assertThat(tape.isRecording()).isFalse();
      Tensor y = w.mul(constant).sum();
      assertThat(y.item()).isEqualTo(32);
      assertThat(y.requiresGradient()).isFalse();
      assertThat(tape.length()).isZero();
      assertThatThrownBy(() -> tape.backward(y))
          .hasMessage("this tape records nothing: open it with Tape.start");
    }
  }

  @Test
  void withoutATapeAnOperationSaysWhatToDo() {
    assertThatThrownBy(() -> w.exp())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no tape is open: wrap the computation in Tape.start(scope)");
  }

  @Test
  void aSecondTapeIsRefusedAndTheFirstGoesOn() {
    try (Tape first = Tape.start(step)) {
      assertThatThrownBy(() -> Tape.start(step))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("a tape is already open: close it first");
      assertThatThrownBy(() -> Tape.inference(model)).isInstanceOf(IllegalStateException.class);
      first.backward(w.sum());
    }
    try (Tape second = Tape.start(step)) {
      assertThat(second.length()).isZero();
    }
  }

  @Test
  void aTapeThatAnExceptionClosedLeavesTheWayFree() {
    assertThatThrownBy(
            () -> {
              try (Tape _ = Tape.start(step)) {
                w.add(step.zeros(DType.F64, 2));
              }
            })
        .hasMessageStartingWith("add: ");
    Tape next = Tape.start(step);
    next.close();
    next.close();
  }

  @Test
  void tensorsOfAStepThatHasEndedAreDead() {
    Tensor result;
    Tensor view;
    try (Tape _ = Tape.start(step)) {
      result = w.exp();
      view = result.slice(0, 1, 1);
    }
    for (Tensor dead : new Tensor[] {result, view}) {
      assertThatThrownBy(() -> dead.get(0))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageMatching(
              "Tensor\\[\\d] F64 belongs to a step of Scope\\[step, .*] that has ended");
      assertThatThrownBy(dead::toDoubles).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(dead::storage).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(dead::detach).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> dead.reshape(-1, 1)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> dead.slice(0, 0, 1)).isInstanceOf(IllegalStateException.class);
      try (Tape _ = Tape.start(step)) {
        assertThatThrownBy(dead::exp).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> w.slice(0, 0, 1).mul(dead.slice(0, 0, 1)))
            .isInstanceOf(IllegalStateException.class);
      }
    }
    assertThat(w.get(0)).isEqualTo(1);
  }

  @Test
  void whatBackwardNeedsNoMoreIsGivenBackAndNotReadAgain() {
    Tensor large = model.zeros(DType.F64, 10_000).requireGradient();
    long peak;
    try (Tape tape = Tape.start(step)) {
      Tensor x = large;
      for (int i = 0; i < 10; i++) {
        x = x.exp();
      }
      Tensor last = x;
      Tensor loss = x.sum();
      peak = step.peakBytes();
      tape.backward(loss);
      assertThat(step.peakBytes()).as("two gradients more").isLessThan(peak + 3 * 80_000);
      assertThat(loss.item()).as("small results stay").isPositive();
      assertThat(large.gradient().get(0)).as("weights' gradients stay").isPositive();
      assertThatThrownBy(last::data).hasMessageContaining("was given back: its backward has run");
    }
  }

  @Test
  void whatBackwardStartedFromStays() {
    Tensor large = model.zeros(DType.F64, 10_000).requireGradient();
    try (Tape tape = Tape.start(step)) {
      Tensor y = large.shift(2);
      tape.backward(y, y.detach());
      assertThat(y.get(9_999)).isEqualTo(2);
    }
  }

  @Test
  void aGradientInPlaceOverwritesTheResultAndIsGivenBackOnce() {
    Tensor large = model.zeros(DType.F64, 10_000).requireGradient();
    try (Tape _ = Tape.start(step)) {
      Tensor y = large.shift(3);
      long before = step.peakBytes();
      assertThat(y.startGradientInPlace()).isFalse();
      assertThat(y.gradient().data().address()).isEqualTo(y.data().address());
      assertThat(step.peakBytes()).isEqualTo(before);
      y.gradient().set(0, 7);
      assertThat(y.get(0)).isEqualTo(7);
      y.giveBackAfterBackward();
      Tensor first = step.zeros(DType.F64, 10_000);
      Tensor second = step.zeros(DType.F64, 10_000);
      assertThat(first.data().address()).isNotEqualTo(second.data().address());
    }
    assertThat(large.startGradientInPlace()).as("a weight keeps its elements").isFalse();
    assertThat(large.gradient().data().address()).isNotEqualTo(large.data().address());
  }
}
