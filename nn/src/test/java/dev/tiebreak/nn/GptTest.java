package dev.tiebreak.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.nn.BlockObserver.Quantity;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Forward and backward passes of whole models, against what must hold for any weights. */
class GptTest {
  private final Workbench bench = new Workbench();

  @AfterEach
  void close() {
    bench.close();
  }

  @ParameterizedTest
  @EnumSource
  void aFreshModelKnowsNothing(Configs style) {
    Gpt model = new Gpt(style.config, DType.F32, bench.kept(), 1);
    try (Tape _ = bench.infer()) {
      Tensor losses = model.losses(bench.tokens(23, 2, 8), bench.tokens(23, 2, 8));
      assertThat(losses.shape().toArray()).containsExactly(2, 8);
      assertThat(losses.mean().item()).isCloseTo(Math.log(23), within(0.05));
    }
  }

  @ParameterizedTest
  @EnumSource
  void laterTokensDoNotChangeEarlierLogits(Configs style) {
    Gpt model = new Gpt(style.config, DType.F64, bench.kept(), 1);
    Tensor tokens = bench.tokens(23, 1, 8);
    double[] before = logits(model, tokens);
    tokens.set(5, (tokens.getInt(5) + 1) % 23);
    double[] after = logits(model, tokens);
    for (int i = 0; i < before.length; i++) {
      if (i < 5 * 23) {
        assertThat(after[i]).isEqualTo(before[i]);
      } else {
        assertThat(after[i]).as("position %d", i / 23).isNotEqualTo(before[i]);
      }
    }
  }

  private double[] logits(Gpt model, Tensor tokens) {
    try (Tape _ = bench.infer()) {
      return model.logits(tokens).toDoubles();
    }
  }

  @Test
  void aTiedHeadIsTheTokenEmbeddingAndCollectsBothGradients() {
    Gpt tied = new Gpt(Configs.LLAMA_ONE_KV_HEAD.config, DType.F64, bench.kept(), 1);
    assertThat(tied.parameters()).extracting(Parameter::name).doesNotContain("head.weight");
    Tensor embedding = tied.parameters().getFirst().tensor();

    Tensor tokens = bench.tokens(3, 1, 4); // ids 0 to 2 only
    Tensor targets = bench.tokens(3, 1, 4);
    try (Tape tape = bench.record()) {
      tape.backward(tied.losses(tokens, targets).mean());
    }
    double[] unseen = embedding.gradient().slice(0, 3, 20).toDoubles();
    assertThat(unseen).as("rows of unseen tokens get the head's gradient").doesNotContain(0);
  }

  @Test
  void anUntiedEmbeddingGetsNoGradientWhereItsTokenDoesNotOccur() {
    Gpt untied = new Gpt(Configs.LLAMA.config, DType.F64, bench.kept(), 1);
    Tensor tokens = bench.tokens(3, 1, 4);
    try (Tape tape = bench.record()) {
      tape.backward(untied.losses(tokens, tokens).mean());
    }
    double[] gradient = untied.parameters().getFirst().tensor().gradient().toDoubles();
    for (int i = 3 * 24; i < gradient.length; i++) {
      assertThat(gradient[i]).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({"F64, 1e-14", "F32, 1e-6"})
  void twoMicroBatchesOfHalfSizeGiveTheGradientOfTheWhole(DType type, double tolerance) {
    Tensor tokens = bench.tokens(23, 4, 8);
    Tensor targets = bench.tokens(23, 4, 8);
    for (Configs style : Configs.values()) {
      Gpt whole = new Gpt(style.config, type, bench.kept(), 1);
      Gpt halves = new Gpt(style.config, type, bench.kept(), 1);
      try (Tape tape = bench.record()) {
        tape.backward(whole.losses(tokens, targets).mean());
      }
      for (int half = 0; half < 2; half++) {
        try (Tape tape = bench.record()) {
          Tensor part = tokens.slice(0, 2 * half, 2);
          Tensor partTargets = targets.slice(0, 2 * half, 2);
          tape.backward(halves.losses(part, partTargets).mean().scale(0.5));
        }
      }
      double[] expected = gradients(whole);
      assertThat(Workbench.deviation(gradients(halves), expected))
          .as("%s", style)
          .isLessThan(tolerance);
      halves.clearGradients();
      try (Tape tape = bench.record()) {
        tape.backward(halves.losses(tokens, targets).mean());
      }
      assertThat(gradients(halves)).as("cleared and run again").isEqualTo(expected);
    }
  }

  private static double[] gradients(Gpt model) {
    return model.parameters().stream()
        .flatMapToDouble(p -> DoubleStream.of(p.tensor().gradient().toDoubles()))
        .toArray();
  }

  @Test
  void observersSeeEveryBlockOfARecordedPassAndNoneOfAnother() {
    Gpt model = new Gpt(Configs.LLAMA.config, DType.F32, bench.kept(), 1);
    List<Integer> layers = new ArrayList<>();
    List<Double> divergences = new ArrayList<>();
    List<Double> distances = new ArrayList<>();
    model.observeBlocks(
        Quantity.DIVERGENCE,
        (layer, divergence) -> {
          layers.add(layer);
          divergences.add(divergence.item());
        });
    model.observeBlocks(
        Quantity.COSINE_DISTANCE, (layer, distance) -> distances.add(distance.item()));
    Tensor tokens = bench.tokens(23, 2, 8);
    try (Tape _ = bench.infer()) {
      model.logits(tokens);
    }
    assertThat(layers).isEmpty();
    try (Tape _ = bench.record()) {
      model.logits(tokens);
      assertThat(layers).containsExactly(0, 1, 2);
      assertThat(divergences).hasSize(3).doesNotHaveDuplicates().allMatch(d -> d > 0);
      assertThat(distances).hasSize(3).doesNotHaveDuplicates().allMatch(d -> d > 0 && d < 2);
    }
  }

  @Test
  void whatIsRegisteredRunsOnceForAStepInOrder() {
    Gpt model = new Gpt(Configs.GPT2.config, DType.F32, bench.kept(), 1);
    List<String> ran = new ArrayList<>();
    model.onGradientsReady(() -> ran.add("first"));
    model.onGradientsReady(() -> ran.add("second"));
    Tensor tokens = bench.tokens(23, 2, 8);
    for (int i = 0; i < 2; i++) {
      try (Tape tape = bench.record()) {
        tape.backward(model.losses(tokens, tokens).mean());
      }
    }
    assertThat(ran).isEmpty();
    model.gradientsReady();
    assertThat(ran).containsExactly("first", "second");
  }

  @ParameterizedTest
  @EnumSource
  void shorterSequencesThanTheLongestAreFine(Configs style) {
    Gpt model = new Gpt(style.config, DType.F64, bench.kept(), 1);
    Tensor tokens = bench.tokens(23, 1, 8);
    double[] whole = logits(model, tokens);
    double[] part = logits(model, tokens.slice(1, 0, 3));
    assertThat(part).hasSize(3 * 23);
    double[] start = new double[part.length];
    System.arraycopy(whole, 0, start, 0, start.length);
    assertThat(Workbench.deviation(part, start)).isLessThan(1e-14);
  }

  @ParameterizedTest
  @EnumSource
  void sequencesThatAreTooLongAreRefusedWithTheirLength(Configs style) {
    Gpt model = new Gpt(style.config, DType.F32, bench.kept(), 1);
    try (Tape _ = bench.infer()) {
      assertThatThrownBy(() -> model.logits(bench.tokens(23, 1, 9)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("9 tokens after 0 exceed the model's sequence length of 8");
    }
  }
}
