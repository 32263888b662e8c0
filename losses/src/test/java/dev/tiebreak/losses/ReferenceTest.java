package dev.tiebreak.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.nn.Gpt;
import dev.tiebreak.tensor.CrossEntropy;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tokens chosen by what a reference model makes of them. */
class ReferenceTest {
  private static final int TOKENS = 10;

  private final Workbench bench = new Workbench();
  private final Gpt reference = bench.model(7);
  private final Gpt model = bench.model(8);
  private final Tensor inputs = bench.tokens(11, 2, 5);
  private final Tensor targets = bench.tokens(11, 2, 5);

  @AfterEach
  void close() {
    bench.close();
  }

  private double[] losses(Gpt gpt) {
    try (Tape _ = bench.infer()) {
      return gpt.losses(inputs, targets).toDoubles();
    }
  }

  @Test
  void theTokensWithTheLargestExcessOverTheReferenceCount() {
    targets.set(4, CrossEntropy.IGNORE);
    double[] l = losses(model);
    double[] r = losses(reference);
    double[] expected = new double[TOKENS];
    IntStream.range(0, TOKENS)
        .filter(i -> i != 4)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> r[i] - l[i]))
        .limit(3)
        .forEach(i -> expected[i] = 3);
    TokenGain gain = bench.rho(Terms.pure(1 / 3.0), reference);
    gain.prepare(inputs, targets, bench.step());
    try (Tape tape = bench.record()) {
      ShapedLoss shaped = gain.shape(Prediction.of(model, inputs, targets, 0, 0));
      assertThat(shaped.weights().toDoubles()).isEqualTo(expected);
      assertThat(Arrays.stream(expected).sum()).isEqualTo(9);
      tape.backward(shaped.loss());
    }
    assertThat(model.parameters()).allMatch(p -> p.tensor().hasGradient());
    assertThat(reference.parameters()).allMatch(p -> p.tensor().gradient() == null);
  }

  @Test
  void theReferenceItselfLeavesNothingToChoose() {
    TokenGain gain = bench.rho(Terms.pure(0.5), model);
    gain.prepare(inputs, targets, bench.step());
    try (Tape _ = bench.record()) {
      ShapedLoss shaped = gain.shape(Prediction.of(model, inputs, targets, 0, 0));
      assertThat(shaped.weights().toDoubles()).containsExactly(2, 2, 2, 2, 2, 0, 0, 0, 0, 0);
    }
  }

  @Test
  void whatWasNotPreparedIsRefused() {
    TokenGain gain = bench.rho(Terms.pure(0.5), reference);
    try (Tape _ = bench.record()) {
      Prediction prediction = Prediction.of(model, inputs, targets, 0, 0);
      assertThatThrownBy(() -> gain.shape(prediction)).hasMessageContaining("call prepare first");
    }
  }

  @Test
  void eachMicroBatchIsPreparedAnew() {
    TokenGain gain = bench.rho(Terms.pure(0.5), reference);
    gain.prepare(inputs, targets, bench.step());
    double[] first = weights(gain);
    gain.prepare(bench.tokens(11, 2, 5), bench.tokens(11, 2, 5), bench.step());
    assertThat(weights(gain)).isNotEqualTo(first);
    gain.prepare(inputs, targets, bench.step());
    assertThat(weights(gain)).isEqualTo(first);
  }

  private double[] weights(TokenGain gain) {
    try (Tape _ = bench.record()) {
      return gain.shape(Prediction.of(model, inputs, targets, 0, 0)).weights().toDoubles();
    }
  }
}
