package dev.tiebreak.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a model drops, and that it drops the same again. */
class DropoutTest {
  private final Workbench bench = new Workbench();
  private final Tensor tokens = bench.tokens(23, 2, 8);
  private final Gpt model = model(0.3, 1);

  @AfterEach
  void close() {
    bench.close();
  }

  private Gpt model(double dropout, long seed) {
    return new Gpt(Configs.gpt2(8, 2, 2, 16, 64, dropout), DType.F32, bench.kept(), seed);
  }

  private double[] inferred(Gpt gpt) {
    try (Tape _ = bench.infer()) {
      return gpt.logits(tokens).toDoubles();
    }
  }

  private double[] recorded(Gpt gpt, long microBatch) {
    gpt.startMicroBatch(microBatch);
    try (Tape _ = bench.record()) {
      return gpt.logits(tokens).toDoubles();
    }
  }

  @Test
  void inferenceUsesTheWholeNetwork() {
    assertThat(inferred(model)).isEqualTo(inferred(model(0, 1)));
    assertThat(recorded(model, 0)).isNotEqualTo(inferred(model));
  }

  @Test
  void theSameMicroBatchDropsTheSameAgain() {
    double[] third = recorded(model, 3);
    double[] fourth = recorded(model, 4);
    assertThat(fourth).isNotEqualTo(third);
    assertThat(recorded(model, 3)).isEqualTo(third);
    assertThat(recorded(model(0.3, 1), 4)).isEqualTo(fourth);
  }

  @Test
  void evaluationInBetweenDoesNotShiftTheMasks() {
    double[] expected = recorded(model, 3);
    model.startMicroBatch(3);
    inferred(model);
    try (Tape _ = bench.record()) {
      assertThat(model.logits(tokens).toDoubles()).isEqualTo(expected);
    }
  }

  @Test
  void masksDifferFromOnePassToTheNextWithoutANewNumber() {
    double[] first = recorded(model, 3);
    try (Tape _ = bench.record()) {
      assertThat(model.logits(tokens).toDoubles()).isNotEqualTo(first);
    }
  }

  @Test
  void masksDependOnTheSeed() {
    Gpt other = model(0.3, 2);
    for (int i = 0; i < model.parameters().size(); i++) {
      other.parameters().get(i).tensor().copyFrom(model.parameters().get(i).tensor());
    }
    assertThat(inferred(other)).isEqualTo(inferred(model));
    assertThat(recorded(other, 3)).isNotEqualTo(recorded(model, 3));
  }
}
