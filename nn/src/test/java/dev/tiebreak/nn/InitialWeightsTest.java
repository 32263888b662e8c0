package dev.tiebreak.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.tensor.DType;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a model starts with. */
class InitialWeightsTest {
  private final Workbench bench = new Workbench();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void weightsHaveGpt2sNamesInTheOrderOfTheForwardPass() {
    Gpt model = new Gpt(Configs.gpt2(8, 1, 2, 16, 64, 0), DType.F32, bench.kept(), 1);
    assertThat(model.parameters())
        .extracting(Parameter::name)
        .containsExactly(
            "token_embedding.weight",
            "position_embedding.weight",
            "blocks.0.attention_norm.weight",
            "blocks.0.attention_norm.bias",
            "blocks.0.attention.qkv.weight",
            "blocks.0.attention.qkv.bias",
            "blocks.0.attention.out.weight",
            "blocks.0.attention.out.bias",
            "blocks.0.mlp_norm.weight",
            "blocks.0.mlp_norm.bias",
            "blocks.0.mlp.up.weight",
            "blocks.0.mlp.up.bias",
            "blocks.0.mlp.down.weight",
            "blocks.0.mlp.down.bias",
            "final_norm.weight",
            "final_norm.bias");
  }

  @ParameterizedTest
  @EnumSource
  void onlyMatricesDecay(Configs style) {
    Gpt model = new Gpt(style.config, DType.F32, bench.kept(), 1);
    assertThat(model.parameters())
        .allSatisfy(p -> assertThat(p.decays()).isEqualTo(p.tensor().shape().rank() == 2));
  }

  @Test
  void matricesAreNormalWithDeviation002AndSmallerWhereTheyFeedTheResidualStream() {
    int layers = 8;
    GptConfig config = Configs.gpt2(128, layers, 4, 64, 256, 0);
    Gpt model = new Gpt(config, DType.F32, bench.kept(), 1);
    for (Parameter parameter : model.parameters()) {
      String name = parameter.name();
      double[] values = parameter.tensor().toDoubles();
      if (parameter.decays()) {
        boolean residual = name.contains("attention.out") || name.contains("mlp.down");
        double expected = residual ? 0.02 / Math.sqrt(2 * layers) : 0.02;
        double standardError = expected / Math.sqrt(2.0 * values.length);
        assertThat(deviation(values)).as(name).isCloseTo(expected, within(4 * standardError));
        double mean = Arrays.stream(values).average().orElseThrow();
        assertThat(mean).as(name).isCloseTo(0, within(4 * expected / Math.sqrt(values.length)));
      } else {
        assertThat(values).as(name).containsOnly(name.endsWith("norm.weight") ? 1 : 0);
      }
    }
  }

  private static double deviation(double[] values) {
    return Math.sqrt(Arrays.stream(values).map(v -> v * v).average().orElseThrow());
  }

  @ParameterizedTest
  @EnumSource
  void equalSeedsGiveEqualBytesWhateverTheNumberOfThreads(Configs style) {
    try (Workbench other = new Workbench(1)) {
      Gpt first = new Gpt(style.config, DType.F32, bench.kept(), 42);
      Gpt second = new Gpt(style.config, DType.F32, other.kept(), 42);
      for (int i = 0; i < first.parameters().size(); i++) {
        Parameter a = first.parameters().get(i);
        Parameter b = second.parameters().get(i);
        assertThat(b.name()).isEqualTo(a.name());
        assertThat(b.tensor().data().mismatch(a.tensor().data())).as(a.name()).isEqualTo(-1);
      }
    }
  }

  @Test
  void everyMatrixDiffersFromThatOfAnotherSeedAndFromItsNeighbours() {
    Map<String, Float> first = firstElements(1);
    Map<String, Float> second = firstElements(2);
    assertThat(first).hasSize(10);
    first.forEach((name, value) -> assertThat(second.get(name)).as(name).isNotEqualTo(value));
    assertThat(first.values()).doesNotHaveDuplicates();
  }

  private Map<String, Float> firstElements(long seed) {
    Gpt model = new Gpt(Configs.GPT2.config, DType.F32, bench.kept(), seed);
    return model.parameters().stream()
        .filter(Parameter::decays)
        .collect(Collectors.toMap(Parameter::name, p -> p.tensor().toFloats()[0]));
  }

  @Test
  void float64WeightsAreThoseOfFloat32BeforeRounding() {
    Gpt narrow = new Gpt(Configs.LLAMA.config, DType.F32, bench.kept(), 5);
    Gpt wide = new Gpt(Configs.LLAMA.config, DType.F64, bench.kept(), 5);
    for (int i = 0; i < wide.parameters().size(); i++) {
      double[] rounded = wide.parameters().get(i).tensor().toDoubles();
      for (int j = 0; j < rounded.length; j++) {
        rounded[j] = (float) rounded[j];
      }
      assertThat(narrow.parameters().get(i).tensor().toDoubles()).isEqualTo(rounded);
    }
  }
}
