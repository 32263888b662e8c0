package dev.tiebreak.trainer.lab.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.nn.Gpt;
import dev.tiebreak.trainer.lab.DryModel;
import dev.tiebreak.trainer.lab.config.ConfigBuilder;
import dev.tiebreak.trainer.lab.config.DataConfig;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.device.Device;
import dev.tiebreak.trainer.lab.estimate.Estimate.Parameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EstimateTest {
  private static final Device CPU = Device.cpu();

  @TempDir Path folder;

  private static Estimate of(String preset, int vocabulary) {
    return Estimate.of(ConfigBuilder.preset(preset).build(), vocabulary, CPU);
  }

  @Test
  void gpt2IsCountedByHand() {
    Estimate estimate = of("gpt2-124m", 50_257);
    Parameters p = estimate.parameters();
    assertThat(p.tokenEmbedding()).isEqualTo(50_257 * 768);
    assertThat(p.positionEmbedding()).isEqualTo(1024 * 768);
    assertThat(p.attention()).isEqualTo(12 * (768 * 2304 + 2304 + 768 * 768 + 768));
    assertThat(p.feedForward()).isEqualTo(12 * (768 * 3072 + 3072 + 3072 * 768 + 768));
    assertThat(p.norms()).isEqualTo(25 * 2 * 768);
    assertThat(p.head()).isZero();
    assertThat(p.total()).isEqualTo(124_439_808);

    double perToken = 6.0 * (124_439_808 - 786_432) + 12.0 * 12 * 1024 * 768;
    assertThat(estimate.tokens()).isEqualTo(18_865L * 524_288);
    assertThat(estimate.trainingFlops()).isCloseTo(perToken * 18_865 * 524_288, within(1e6));
    // at 0, 250, .., 18,750 and 18,865 steps: 77 times 20 batches of 8 x 1024
    assertThat(estimate.evaluationFlops())
        .isCloseTo(perToken / 3 * 77 * 20 * 8 * 1024, within(1e6));
    assertThat(estimate.checkpointBytes()).isEqualTo(12L * 124_439_808);
    assertThat(estimate.hours(100)).isCloseTo(estimate.flops() / 3.6e17, within(1e-9));
  }

  @Test
  void aReferenceModelAddsItsForwardPass() throws IOException {
    ConfigBuilder tiny = ConfigBuilder.preset("tiny");
    Files.writeString(folder.resolve("config.toml"), tiny.build().toToml());
    Estimate plain = Estimate.of(tiny.build(), 256, CPU);
    tiny.set("gain.kind=rho").set("gain.reference=" + folder);
    Estimate compared = Estimate.of(tiny.build(), 256, CPU);
    assertThat(compared.trainingFlops() / plain.trainingFlops()).isCloseTo(4 / 3.0, within(1e-12));
    assertThat(compared.evaluationFlops()).isEqualTo(plain.evaluationFlops());
  }

  @Test
  void theOriginalsScaleIsCountedByHand() {
    Estimate estimate = of("1.2b", 50_257);
    Parameters p = estimate.parameters();
    assertThat(p.tokenEmbedding()).isEqualTo(50_304 * 2048);
    assertThat(p.head()).isEqualTo(50_304 * 2048);
    assertThat(p.positionEmbedding()).isZero();
    assertThat(p.attention()).isEqualTo(22L * (2048 * (2048 + 2 * 512) + 2048 * 2048));
    assertThat(p.feedForward()).isEqualTo(22L * 3 * 2048 * 5632);
    assertThat(p.norms()).isEqualTo(45 * 2048);
    assertThat(estimate.tokens()).isEqualTo(3_932_160_000L);
    assertThat(estimate.trainingFlops()).isCloseTo(3.02e19, within(0.01e19));
    assertThat(estimate.hours(400)).isCloseTo(21, within(0.5));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.bias=true",
        "model.norm=rms",
        "model.tied_head=false",
        "model.positions=rope",
        "model.activation=swiglu",
        "model.kv_heads=1",
        "model.hidden=100",
        "model.pad_vocabulary=64"
      })
  void everyPartIsCountedAsTheModelCounts(String assignment) {
    for (String second : new String[] {"model.bias=true", "model.bias=false"}) {
      TrainConfig config = ConfigBuilder.preset("quick").set(second).set(assignment).build();
      Gpt model = DryModel.of(config.model().gpt(1000));
      assertThat(Parameters.of(model).total()).isEqualTo(model.parameterCount());
    }
  }

  @Test
  void oneStepIsEvaluatedTwice() {
    TrainConfig config =
        ConfigBuilder.preset("tiny")
            .set("training.steps=1")
            .set("evaluation.every=1")
            .set("evaluation.batches=1")
            .build();
    Estimate estimate = Estimate.of(config, 256, CPU);
    assertThat(estimate.evaluationFlops())
        .isCloseTo(estimate.trainingFlops() * 2 / 3, within(1e-3));
  }

  private static Vocabulary vocabulary(DataConfig data) {
    return Vocabulary.of(data);
  }

  private static DataConfig data(String tokenizer, String text) {
    return ConfigBuilder.preset("tiny")
        .set("data.tokenizer=" + tokenizer)
        .set("data.text=" + text)
        .set("data.merges=500")
        .build()
        .data();
  }

  @Test
  void theVocabularyIsKnownWithoutTheTextExceptForCharacters() throws IOException {
    assertThat(vocabulary(data("bytes", "absent")).size()).isEqualTo(256);
    assertThat(vocabulary(data("bpe", "absent")).size()).isEqualTo(756);
    assertThat(vocabulary(data("gpt2", "absent")).size()).isEqualTo(50_257);
    Path text = Files.writeString(folder.resolve("a.txt"), "abba ü");
    assertThat(vocabulary(data("chars", text.toString())))
        .isEqualTo(new Vocabulary(4, "the characters of the text"));
    Files.writeString(folder.resolve("b.txt"), "c");
    assertThat(vocabulary(data("chars", folder.toString())).size()).isEqualTo(6); // and a line end
    Vocabulary assumed = vocabulary(data("chars", "absent.txt"));
    assertThat(assumed.size()).isEqualTo(100);
    assertThat(assumed.origin()).startsWith("assumed, since ").contains("absent.txt");
  }
}
