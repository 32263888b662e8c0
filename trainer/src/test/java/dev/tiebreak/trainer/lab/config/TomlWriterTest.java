package dev.tiebreak.trainer.lab.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.trainer.base.toml.TomlWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TomlWriterTest {
  @TempDir Path folder;

  static List<String> presets() {
    return Presets.names();
  }

  private TrainConfig readBack(TrainConfig config) throws IOException {
    Path file = folder.resolve("config.toml");
    Files.writeString(file, config.toToml());
    return ConfigBuilder.read(file);
  }

  @ParameterizedTest
  @MethodSource("presets")
  void everyPresetIsReadBackEqual(String preset) throws IOException {
    TrainConfig config = ConfigBuilder.preset(preset).build();
    TrainConfig again = readBack(config);
    assertThat(again).isEqualTo(config);
    assertThat(again.toToml()).isEqualTo(config.toToml());
    assertThat(again.hash()).isEqualTo(config.hash()).hasSize(64);
  }

  @Test
  void unusualValuesAreReadBackEqual() throws IOException {
    TrainConfig config =
        ConfigBuilder.preset("tiny")
            .texts(List.of("a \"b\"\\c.txt", "tab\tüß∂😀\u0001\u007F\nend", ""), "test")
            .set("optimizer.epsilon=1e-300")
            .set("optimizer.lr=0.1234567890123456789")
            .set("optimizer.min_lr=4.9e-324")
            .set("optimizer.weight_decay=123456789.5")
            .set("gain.s=-0.00012")
            .set("gain.clamp=[-inf, 3]")
            .set("gain.reference=runs/a 'b'")
            .set("layer_scaling.cap=inf")
            .set("training.seed=-9223372036854775808")
            .set("data.max_bytes=9223372036854775807")
            .build();
    assertThat(readBack(config)).isEqualTo(config);
  }

  @Test
  void everyKeyIsWrittenResolved() {
    String toml = ConfigBuilder.preset("quick").build().toToml();
    assertThat(toml)
        .startsWith("[model]\nlayers = 4\nheads = 4\nkv_heads = 4\n")
        .contains("positions = \"learned\"\n", "\n\n[data]\ntext = [\"jdk\"]\n", "lr = 0.003\n")
        .contains("epsilon = 1e-8\n", "clamp = [0.0, 5.0]\n", "\n[layer_scaling]\n")
        .contains("rope_theta = 10000.0\n");
    assertThat(toml.lines().filter(line -> line.contains(" = ")))
        .hasSameSizeAs(TrainConfig.SCHEMA.keys());
  }

  @Test
  void theHashChangesWithEveryKeyAndNotWithItsSpelling() {
    ConfigBuilder base = ConfigBuilder.preset("tiny");
    String hash = base.build().hash();
    assertThat(ConfigBuilder.preset("tiny").set("optimizer.lr=0.3e-2").build().hash())
        .isEqualTo(hash);
    assertThat(ConfigBuilder.preset("tiny").set("optimizer.lr=0.0031").build().hash())
        .isNotEqualTo(hash);
    assertThat(ConfigBuilder.preset("tiny").set("logging.every=2").build().hash())
        .isNotEqualTo(hash);
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {
        0,
        1,
        -1,
        0.1,
        1e-4,
        9.9e-5,
        1e7,
        9999999.5,
        1.5e7,
        3e-8,
        1e300,
        Double.MIN_VALUE,
        Double.MAX_VALUE,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY
      })
  void numbersKeepTheirValue(double value) {
    String text = TomlWriter.number(value);
    double read =
        switch (text) {
          case "inf" -> Double.POSITIVE_INFINITY;
          case "-inf" -> Double.NEGATIVE_INFINITY;
          default -> Double.parseDouble(text);
        };
    assertThat(read).isEqualTo(value);
    assertThat(text).doesNotContain("E").matches("-?(inf|[0-9]+\\.[0-9]+|[0-9.]+e-?[0-9]+)");
  }

  @Test
  void numbersAreShort() {
    assertThat(TomlWriter.number(3e-8)).isEqualTo("3e-8");
    assertThat(TomlWriter.number(0.00012)).isEqualTo("0.00012");
    assertThat(TomlWriter.number(2.5e-9)).isEqualTo("2.5e-9");
    assertThat(TomlWriter.number(10000)).isEqualTo("10000.0");
  }
}
