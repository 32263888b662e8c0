package dev.tiebreak.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.tensor.attention.Attention;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Memory: nothing new after the first step, the same addresses, clear ends. */
class ScopeTest {
  private static final CpuBackend CPU = CpuBackend.create(2);

  @AfterAll
  static void close() {
    CPU.close();
  }

  /** One training step of a small network with most operations; the addresses of its tensors. */
  private static List<Long> trainingStep(Scope step, Tensor[] weights, Tensor tokens) {
    List<Long> addresses = new ArrayList<>();
    try (Tape tape = Tape.start(step)) {
      step.zeros(DType.F32, 3 << 20); // larger than a block, so that there are several
      Tensor x = weights[0].embedding(tokens); // (B, T, C)
      Tensor qkv = x.layerNorm(weights[1], null, 1e-5).linear(weights[2], null);
      Tensor h = x.add(Attention.causal(qkv, 2, 2)).dropout(0.1, new Philox(1, Philox.DROPOUT), 0);
      Tensor logits = h.gelu().linear(weights[0], null);
      Tensor loss = logits.crossEntropy(tokens).mean();
      for (Tensor tensor : new Tensor[] {x, qkv, h, logits, loss}) {
        addresses.add(tensor.data().address());
      }
      tape.backward(loss);
      addresses.add(step.zeros(DType.F32, 2, 130, 257).data().address()); // given back by logits
      for (Tensor weight : weights) {
        addresses.add(weight.gradient().data().address());
        weight.clearGradient();
      }
    }
    return addresses;
  }

  @Test
  void afterTheFirstStepNothingIsReservedAndAddressesRepeat() {
    try (Scope model = CPU.newScope("model");
        Scope step = CPU.newScope("step")) {
      Tensor[] weights = {
        model.zeros(DType.F32, 257, 16).requireGradient(),
        model.zeros(DType.F32, 16).requireGradient(),
        model.zeros(DType.F32, 48, 16).requireGradient()
      };
      Tensor tokens = model.of(new int[2 * 130], 2, 130);
      List<Long> first = trainingStep(step, weights, tokens);
      long reserved = step.reservedBytes();
      long peak = step.peakBytes();
      long modelReserved = model.reservedBytes();
      long modelPeak = model.peakBytes();
      assertThat(reserved).isGreaterThan(12L << 20);
      for (int i = 0; i < 3; i++) {
        assertThat(trainingStep(step, weights, tokens)).isEqualTo(first);
        assertThat(step.reservedBytes()).isEqualTo(reserved);
        assertThat(step.peakBytes()).isEqualTo(peak);
        assertThat(model.reservedBytes()).isEqualTo(modelReserved);
        assertThat(model.peakBytes()).isEqualTo(modelPeak);
      }
    }
  }

  @Test
  void tensorsAreAlignedToCacheLinesAndDoNotOverlap() {
    try (Scope scope = CPU.newScope("model")) {
      long end = 0;
      for (int size : new int[] {1, 3, 16, 17, 257}) {
        Tensor tensor = scope.zeros(DType.F32, size);
        assertThat(tensor.data().address() % 64).isZero();
        assertThat(tensor.data().address()).isGreaterThanOrEqualTo(end);
        assertThat(tensor.data().byteSize()).isEqualTo(4L * size);
        end = tensor.data().address() + 4L * size;
      }
    }
  }

  @Test
  void zerosAreZerosInMemoryThatWasUsedBefore() {
    try (Scope step = CPU.newScope("step")) {
      for (int i = 0; i < 2; i++) {
        try (Tape _ = Tape.start(step)) {
          Tensor zeros = step.zeros(DType.F64, 100);
          assertThat(zeros.toDoubles()).containsOnly(0);
          for (int j = 0; j < 100; j++) {
            zeros.set(j, Double.NaN);
          }
        }
      }
    }
  }

  @Test
  void aLargeTensorGetsABlockOfItsOwn() {
    try (Scope scope = CPU.newScope("model")) {
      scope.zeros(DType.F32, 1);
      long small = scope.reservedBytes();
      Tensor large = scope.zeros(DType.F32, 5 << 20);
      large.set(large.size() - 1, 1);
      assertThat(scope.reservedBytes()).isBetween(small + (20L << 20), small + (21L << 20));
      assertThat(scope.peakBytes()).isBetween(20L << 20, (20L << 20) + 1024);
    }
  }

  @Test
  void aClosedScopeRefusesToAllocateAndItsTensorsToBeRead() {
    Scope scope = CPU.newScope("model");
    Tensor tensor = scope.zeros(DType.F32, 3);
    scope.close();
    scope.close();
    assertThatThrownBy(() -> scope.zeros(DType.F32, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("scope 'model' is closed");
    assertThatThrownBy(() -> tensor.get(0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> tensor.set(0, 1)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void outOfMemorySaysWhoAskedForHowMuchAndWhatToDo() {
    try (Scope scope = CPU.newScope("step")) {
      scope.zeros(DType.F32, 1);
      assertThatThrownBy(() -> scope.zeros(DType.F64, 1 << 30, 1 << 23))
          .isInstanceOf(OutOfTensorMemoryException.class)
          .hasCauseInstanceOf(OutOfMemoryError.class)
          .hasMessage(
              "out of memory: scope 'step' holds 8 MB and could not get 68,719,476,736 MB more;"
                  + " use a smaller model, batch or sequence length");
      assertThat(scope.zeros(DType.F32, 3).toFloats()).as("it goes on").containsOnly(0);
    }
  }

  @Test
  void aShapeOfMoreElementsThanALongCountsIsRefused() {
    assertThatThrownBy(() -> Shape.of(1 << 30, 1 << 30, 1 << 30))
        .hasMessage("too many elements: [1073741824, 1073741824, 1073741824]");
  }
}
