package dev.tiebreak.trainer.lab.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.losses.GainSettings;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.toml.Toml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Configurations of runs and studies that were begun before gains were formulas. */
class OldKeysTest {
  @TempDir Path folder;

  private static GainSettings set(String... assignments) {
    ConfigBuilder builder = ConfigBuilder.preset("tiny").set("gain.renormalise=false");
    for (String assignment : assignments) {
      builder.set(assignment);
    }
    return builder.build().gain();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          none               | 1 | l
          precision          | 1 + s * (l - m) / (v + eps) | l
          z                  | 1 + s * (l - m) / (sigma + eps) | l
          linear             | 1 + s * (l - m) | l
          term               | n * softmax(s * l) | l
          power              | normalise(normalise(l) ^ s) | l
          sigmoid            | 2 * sigmoid(s * (l - m) / (sigma + eps)) | l
          focal              | (1 - p) ^ s | l
          mile               | (1 + H) ^ s | l
          excess_surprisal   | 1 + s * (l - H) / (V + eps) | l
          dft                | p | l
          top_k              | normalise(top(l, s)) | l
          constant           | s | l
          label_smoothing    | 1 | (1 - s) * l + s * u
          confidence_penalty | 1 | l - s * H
          """)
  void aKindIsTheFormulaOfAnArm(String kind, String formula, String objective) {
    GainSettings gain = set("gain.kind=" + kind);
    assertThat(gain.formula()).isEqualTo(formula);
    assertThat(gain.objective()).isEqualTo(objective);
    assertThat(gain.through()).isFalse();
  }

  @Test
  void aFileOfAnOldRunReadsToWhatItMeant() throws IOException {
    String today =
        ConfigBuilder.preset("quick")
            .arm(Arms.get("shuffled-gain"))
            .set("gain.s=0.7")
            .build()
            .toToml();
    String old =
        today
            .replaceAll("(?m)^formula = .*$", "kind = \"precision\"")
            .replaceAll("(?m)^objective = .*\n", "")
            .replaceAll("(?m)^through = .*$", "detached = true\nshuffle = true")
            .replaceAll("(?m)^factor = .*\n", "");
    assertThat(old).contains("kind = \"precision\"", "shuffle = true").doesNotContain("formula");
    Path file = Files.writeString(folder.resolve("config.toml"), old);
    assertThat(ConfigBuilder.read(file).toToml()).isEqualTo(today);
  }

  @Test
  void aTableOfAnOldPlanToo() {
    String table = "about = \"a\"\n[gain]\nkind = \"focal\"\ndetached = false\ns = 2.0\n";
    Arm arm = Arm.of("mine", Toml.parse(table, "study.toml"), "study.toml");
    TrainConfig config = ConfigBuilder.preset("tiny").arm(arm).set("gain.shuffle=false").build();
    assertThat(config.gain().formula()).isEqualTo("(1 - p) ^ s");
    assertThat(config.gain().through()).isTrue();
    assertThat(config.gain().s()).isEqualTo(2);
  }

  @Test
  void aPlaceboIsTheFormulaDealtAtRandom() {
    assertThat(set("gain.kind=mile", "gain.shuffle=true").formula())
        .isEqualTo("shuffle((1 + H) ^ s)");
  }

  @Test
  void whatWasNeverAllowedIsNamed() {
    assertThatThrownBy(() -> set("gain.kind=pink"))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "gain.kind is \"pink\" (assignment); it must be one of none, precision, z, linear, term, power,"
                + " sigmoid, focal, mile, excess_surprisal, dft, top_k, constant, rho,"
                + " label_smoothing, confidence_penalty, or write the formula itself, as in"
                + " gain.formula = \"1 + s * (l - m) / (v + eps)\"");
    assertThatThrownBy(() -> set("gain.shuffle=1"))
        .hasMessage("gain.shuffle is 1 (assignment); it must be true or false");
  }
}
