package dev.tiebreak.trainer.lab.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.losses.formula.Operation;
import dev.tiebreak.losses.formula.Quantity;
import dev.tiebreak.nn.GptConfig;
import dev.tiebreak.nn.GptConfig.Activation;
import dev.tiebreak.nn.GptConfig.NormKind;
import dev.tiebreak.nn.GptConfig.Positions;
import dev.tiebreak.nn.LrSchedule;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.lab.DryModel;
import dev.tiebreak.trainer.lab.config.OptimizerConfig.Schedule;
import dev.tiebreak.trainer.lab.config.TrainingConfig.Precision;
import dev.tiebreak.trainer.lab.tokenizer.TokenizerSpec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PresetsTest {
  private static TrainConfig load(String name) {
    return ConfigBuilder.preset(name).build();
  }

  static List<String> names() {
    return Presets.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyPresetLoadsAndTrainsTheBaselineUnlessToldOtherwise(String name) {
    TrainConfig config = load(name);
    assertThat(config.arm()).isEqualTo("baseline");
    assertThat(config.optimizer().warmup()).isLessThan(config.training().steps());
    assertThat(config.evaluation().every()).isLessThanOrEqualTo(config.training().steps());
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyPresetExplainsItself(String name) {
    List<String> lines = Presets.toml(name).lines().toList();
    assertThat(lines.getFirst()).startsWith("# " + name + ": ");
    assertThat(lines).allMatch(line -> line.length() <= 100);
    for (String section : TrainConfig.SCHEMA.sections()) {
      if (!List.of("layer_scaling", "gain", "abort").contains(section)) {
        assertThat(lines.contains("[" + section + "]"))
            .as("%s says something about %s", name, section)
            .isTrue();
      }
    }
  }

  @Test
  void theDefaultsHoldEveryKeyWithAComment() {
    List<String> lines = Presets.toml(Presets.DEFAULTS).lines().toList();
    assertThat(lines).allMatch(line -> line.length() <= 100);
    for (String key : TrainConfig.SCHEMA.keys()) {
      String name = key.substring(key.indexOf('.') + 1);
      assertThat(lines).as(key).anyMatch(line -> line.matches(name + " = .*#.*"));
    }
  }

  @Test
  void tinyAndQuickHaveTheSizesTheirCommentsState() {
    assertThat(DryModel.of(load("tiny").model().gpt(256)).parameterCount()).isEqualTo(34_976);
    TrainConfig quick = load("quick");
    GptConfig gpt = quick.model().gpt(256 + quick.data().merges());
    assertThat(DryModel.of(gpt).parameterCount()).isEqualTo(967_808);
    assertThat(quick.tokensPerStep()).isEqualTo(2048);
    assertThat(DryModel.of(gpt).flopsPerToken() * 2048).isCloseTo(13e9, within(0.5e9));
  }

  @Test
  void shakespeareIsNanoGptsPublishedCpuRun() {
    TrainConfig config = load("shakespeare-char-cpu");
    assertThat(config.model())
        .isEqualTo(
            new ModelConfig(
                4,
                4,
                4,
                128,
                512,
                64,
                Positions.LEARNED,
                NormKind.LAYER,
                Activation.GELU_ERF,
                true,
                false,
                0,
                10000,
                1e-5,
                1));
    assertThat(DryModel.of(config.model().gpt(65)).parameterCount()).isEqualTo(804_096);
    assertThat(config.optimizer())
        .isEqualTo(
            new OptimizerConfig(1e-3, 1e-4, 100, Schedule.COSINE, 0.2, 0.9, 0.99, 1e-8, 0.1, 1.0));
    assertThat(config.training())
        .isEqualTo(new TrainingConfig(2000, 12, 1, 1337, 0, Precision.F32));
    assertThat(config.evaluation())
        .isEqualTo(new EvaluationConfig(250, 20, EvaluationConfig.Examine.LAST));
    assertThat(config.data().tokenizerSpec()).isEqualTo(TokenizerSpec.of(TokenizerSpec.Kind.CHARS));
    assertThat((long) (1_115_394 * (1 - config.data().validationFraction()))).isEqualTo(1_003_854);
    assertThat(config.tokensPerStep()).isEqualTo(768);
  }

  @Test
  void shakespearesLearningRateIsNanoGpts() {
    LrSchedule lr = load("shakespeare-char-cpu").optimizer().lrSchedule(2000);
    assertThat(lr.at(0)).isCloseTo(1e-3 / 101, within(1e-15));
    assertThat(lr.at(99)).isCloseTo(1e-3 * 100 / 101, within(1e-15));
    assertThat(lr.at(100)).isCloseTo(1e-3, within(1e-15));
    assertThat(lr.at(1050)).isCloseTo(5.5e-4, within(1e-15)); // half-way
    assertThat(lr.at(2000)).isCloseTo(1e-4, within(1e-15));
  }

  @Test
  void gpt2HasThePublishedNumberOfParameters() {
    TrainConfig config = load("gpt2-124m");
    assertThat(DryModel.of(config.model().gpt(50_257)).parameterCount()).isEqualTo(124_439_808);
    assertThat(config.tokensPerStep()).isEqualTo(524_288);
  }

  @Test
  void theOriginalsScaleIsThePublishedOne() {
    TrainConfig config = load("1.2b");
    GptConfig gpt = config.model().gpt(50_257);
    assertThat(gpt.vocabulary()).isEqualTo(50_304);
    assertThat(List.of(gpt.layers(), gpt.heads(), gpt.channels(), gpt.hidden()))
        .containsExactly(22, 16, 2048, 5632);
    assertThat(List.of(gpt.positions(), gpt.norm(), gpt.activation()))
        .containsExactly(Positions.ROPE, NormKind.RMS, Activation.SWIGLU);
    long parameters = DryModel.of(gpt).parameterCount();
    assertThat(parameters).isEqualTo(1_198_090_240L);
    assertThat(config.tokensPerStep()).isEqualTo(131_072);
    assertThat(config.training().steps()).isEqualTo(30_000);
    double chinchilla = 30_000.0 * 131_072 / (20.0 * parameters);
    assertThat(chinchilla).isCloseTo(0.164, within(0.0005));
  }

  @Test
  void anUnknownPresetIsAnsweredWithTheKnownOnes() {
    assertThatThrownBy(() -> load("quik"))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "no preset 'quik'; did you mean quick? presets are tiny, quick, shakespeare-char-cpu,"
                + " gpt2-124m, 1.2b");
    assertThatThrownBy(() -> load("defaults"))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("no preset 'defaults'; presets are tiny, ");
  }

  @Test
  void whateverAFormulaCanNameIsExplained() {
    String gain = Presets.toml(Presets.DEFAULTS).split("\\[gain]|\\[layer_scaling]")[1];
    for (String name : Quantity.symbols()) {
      assertThat(gain).containsPattern("\\W" + name + "  \\w");
    }
    for (String function : Operation.functions()) {
      assertThat(gain).containsPattern("\\W" + function + "\\W");
    }
  }
}
