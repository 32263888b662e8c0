package dev.tiebreak.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.nn.GptConfig.Activation;
import dev.tiebreak.nn.GptConfig.NormKind;
import dev.tiebreak.nn.GptConfig.Positions;
import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.DType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Counting weights and operations without taking memory, and refusing impossible shapes. */
class GptConfigTest {
  @Test
  void gpt2HasItsPublishedNumberOfWeights() {
    Gpt model = dry(Configs.gpt2With124M());
    assertThat(model.parameterCount()).isEqualTo(124_439_808);
    assertThat(size(named(model, "token_embedding"))).isEqualTo(38_597_376);
    assertThat(size(named(model, "position_embedding"))).isEqualTo(786_432);
    assertThat(size(model.blockParameters(11))).isEqualTo(7_087_872);
    assertThat(size(named(model, "final_norm"))).isEqualTo(1_536);
    assertThat(named(model, "head")).isEmpty();
  }

  /** A model that takes no memory. */
  private static Gpt dry(GptConfig config) {
    return new Gpt(config, DType.F32, CpuBackend.dry(1).newScope("weights"), 1);
  }

  @ParameterizedTest
  @EnumSource
  void aDryModelHasTheWeightsOfOneThatIsBuilt(Configs style) {
    try (Workbench bench = new Workbench()) {
      Gpt model = new Gpt(style.config, DType.F32, bench.kept(), 1);
      assertThat(shapes(dry(style.config))).isEqualTo(shapes(model));
      assertThat(model.parameterCount()).isEqualTo(size(model.parameters()));
    }
  }

  private static List<String> shapes(Gpt model) {
    return model.parameters().stream().map(p -> p.name() + p.master().shape()).toList();
  }

  private static List<Parameter> named(Gpt model, String start) {
    return model.parameters().stream().filter(p -> p.name().startsWith(start + ".")).toList();
  }

  private static long size(List<Parameter> parameters) {
    return parameters.stream().mapToLong(p -> p.tensor().size()).sum();
  }

  @Test
  void operationsPerTokenAreSixPerWeightInAProductAndTwelveTimesTAndCPerLayer() {
    GptConfig gpt2 = Configs.GPT2.config; // V 23, T 8, L 2, C 16, hidden 64
    int block = 2 * 32 + (48 * 16 + 48) + (16 * 16 + 16) + (64 * 16 + 64) + (16 * 64 + 16);
    int weights = 23 * 16 + 2 * block + 32; // the tied head counts, the positions do not
    assertThat(dry(gpt2).flopsPerToken()).isEqualTo(6.0 * weights + 12 * 2 * 8 * 16);

    GptConfig llama = Configs.LLAMA.config; // V 23, T 8, L 3, H 4, KV 2, C 24, hidden 32
    int block2 = 2 * 24 + 48 * 24 + 24 * 24 + 64 * 24 + 24 * 32;
    int weights2 = 3 * block2 + 24 + 23 * 24; // the head counts, the embedding does not
    assertThat(dry(llama).flopsPerToken()).isEqualTo(6.0 * weights2 + 12 * 3 * 8 * 24);
  }

  @Test
  void impossibleShapesAreRefusedByName() {
    refused("vocabulary is 0, must be at least 1", 0, 8, 2, 4, 2, 24, 32);
    refused("sequence length is -3, must be at least 1", 23, -3, 2, 4, 2, 24, 32);
    refused("layers is 0, must be at least 1", 23, 8, 0, 4, 2, 24, 32);
    refused("heads is 0, must be at least 1", 23, 8, 2, 0, 2, 24, 32);
    refused("kv heads is 0, must be at least 1", 23, 8, 2, 4, 0, 24, 32);
    refused("channels is 0, must be at least 1", 23, 8, 2, 4, 2, 0, 32);
    refused("hidden is 0, must be at least 1", 23, 8, 2, 4, 2, 24, 0);
    refused("channels (25) must be a multiple of heads (4)", 23, 8, 2, 4, 2, 25, 32);
    refused("heads (4) must be a multiple of kv heads (3)", 23, 8, 2, 4, 3, 24, 32);
    refused(
        "rope needs an even head size, channels (12) / heads (4) is odd", 23, 8, 2, 4, 2, 12, 32);
  }

  @Test
  void numbersOutOfRangeAreRefusedByName() {
    refused("dropout is 1.0, must be in [0, 1)", 1, 10000, 1e-5);
    refused("dropout is NaN, must be in [0, 1)", Double.NaN, 10000, 1e-5);
    refused("rope theta is 0.0, must be positive", 0, 0, 1e-5);
    refused("norm epsilon is -1.0, must be positive", 0, 10000, -1);
  }

  @Test
  void anOddHeadSizeIsFineWithoutRope() {
    assertThat(Configs.gpt2(8, 1, 2, 6, 8, 0).headSize()).isEqualTo(3);
  }

  private static void refused(
      String message,
      int vocabulary,
      int length,
      int layers,
      int heads,
      int kv,
      int c,
      int hidden) {
    assertThatThrownBy(
            () -> config(vocabulary, length, layers, heads, kv, c, hidden, 0, 10000, 1e-5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private static void refused(String message, double dropout, double theta, double epsilon) {
    assertThatThrownBy(() -> config(23, 8, 2, 4, 2, 24, 32, dropout, theta, epsilon))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private static GptConfig config(
      int vocabulary,
      int length,
      int layers,
      int heads,
      int kvHeads,
      int channels,
      int hidden,
      double dropout,
      double theta,
      double epsilon) {
    return new GptConfig(
        vocabulary,
        length,
        layers,
        heads,
        kvHeads,
        channels,
        hidden,
        Positions.ROPE,
        NormKind.RMS,
        Activation.SWIGLU,
        false,
        false,
        dropout,
        theta,
        epsilon);
  }
}
