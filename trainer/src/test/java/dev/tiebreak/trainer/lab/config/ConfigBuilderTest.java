package dev.tiebreak.trainer.lab.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.nn.GptConfig.Activation;
import dev.tiebreak.nn.GptConfig.Positions;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.lab.tokenizer.TokenizerSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigBuilderTest {
  @TempDir Path folder;

  private Path write(String toml) throws IOException {
    return Files.writeString(folder.resolve("my.toml"), toml);
  }

  @Test
  void laterLayersWin() throws IOException {
    Path file = write("extends = \"quick\"\n[optimizer]\nlr = 0.5\nclip = 7\n");
    TrainConfig config = ConfigBuilder.file(file).set("optimizer.clip=8").build();
    assertThat(config.optimizer().clip()).isEqualTo(8);
    assertThat(config.optimizer().lr()).isEqualTo(0.5);
    assertThat(config.model().channels()).isEqualTo(128); // quick
    assertThat(config.optimizer().epsilon()).isEqualTo(1e-8); // defaults
  }

  @Test
  void aFileThatExtendsNothingStandsOnTheDefaults() throws IOException {
    TrainConfig config = ConfigBuilder.read(write("[training]\nsteps = 7\n"));
    assertThat(config.training().steps()).isEqualTo(7);
    assertThat(config.model().channels()).isEqualTo(384);
    assertThat(ConfigBuilder.read(write("")).training().steps()).isEqualTo(1000);
  }

  @Test
  void valuesMayBeSetWithAndWithoutQuotes() {
    for (String assignment :
        List.of("data.tokenizer=gpt2", "data.tokenizer=\"gpt2\"", " data.tokenizer = 'gpt2' ")) {
      assertThat(ConfigBuilder.preset("tiny").set(assignment).build().data().tokenizer())
          .isEqualTo(TokenizerSpec.Kind.GPT2);
    }
  }

  @Test
  void everyTypeOfValueCanBeSet() {
    TrainConfig config =
        ConfigBuilder.preset("tiny")
            .set("training.steps=1_000")
            .set("training.seed=-5")
            .set("optimizer.lr=1e-2")
            .set("optimizer.min_lr=0")
            .set("model.bias=true")
            .set("model.positions=rope")
            .set("gain.clamp=[]")
            .set("gain.s=-1")
            .set("data.text=[\"a.txt\", \"b = c\"]")
            .build();
    assertThat(config.training().steps()).isEqualTo(1000);
    assertThat(config.training().seed()).isEqualTo(-5);
    assertThat(config.optimizer().lr()).isEqualTo(0.01);
    assertThat(config.optimizer().minLr()).isZero();
    assertThat(config.model().bias()).isTrue();
    assertThat(config.model().positions()).isEqualTo(Positions.ROPE);
    assertThat(config.gain().clamp()).isEmpty();
    assertThat(config.gain().s()).isEqualTo(-1);
    assertThat(config.data().text()).containsExactly("a.txt", "b = c");
  }

  @Test
  void aBarePathIsAListOfOneText() {
    for (String path : List.of("books/a b.txt", "C:\\texts\\a.txt", "x=y", "a\nb = 3", "# no")) {
      TrainConfig config = ConfigBuilder.preset("tiny").set("data.text=" + path).build();
      assertThat(config.data().text()).containsExactly(path);
    }
  }

  @Test
  void zerosThatStandForADefaultAreResolved() {
    TrainConfig config =
        ConfigBuilder.preset("tiny").set("model.hidden=0").set("model.kv_heads=0").build();
    assertThat(config.model().hidden()).isEqualTo(128);
    assertThat(config.model().kvHeads()).isEqualTo(2);
    config =
        ConfigBuilder.preset("tiny")
            .set("model.activation=swiglu")
            .set("model.channels=768")
            .set("model.hidden=0")
            .build();
    assertThat(config.model().activation()).isEqualTo(Activation.SWIGLU);
    assertThat(config.model().hidden()).isEqualTo(2048);
    config = ConfigBuilder.preset("tiny").set("model.activation=swiglu").build();
    assertThat(config.model().hidden()).isEqualTo(128); // 85 1/3, rounded up
  }

  @Test
  void theVocabularyIsPadded() {
    ModelConfig model = ConfigBuilder.preset("1.2b").build().model();
    assertThat(model.paddedVocabulary(50_257)).isEqualTo(50_304);
    assertThat(model.paddedVocabulary(50_304)).isEqualTo(50_304);
    assertThat(model.paddedVocabulary(1)).isEqualTo(64);
  }

  @Test
  void aPresetOrAFileIsFoundByItsName() throws IOException {
    Path file = write("[training]\nsteps = 7\n");
    assertThat(ConfigBuilder.presetOrFile(file.toString()).build().training().steps()).isEqualTo(7);
    assertThat(ConfigBuilder.presetOrFile("tiny").build())
        .isEqualTo(ConfigBuilder.preset("tiny").build());
    assertThatThrownBy(() -> ConfigBuilder.presetOrFile("tiney"))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "no preset 'tiney'; did you mean tiny? presets are tiny, quick, shakespeare-char-cpu,"
                + " gpt2-124m, 1.2b, or a TOML file by its path");
    assertThatThrownBy(() -> ConfigBuilder.presetOrFile("absent.toml"))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("cannot read the configuration absent.toml: no such file");
  }
}
