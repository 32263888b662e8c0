package dev.tiebreak.trainer.lab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LossCurvesTest {
  @TempDir Path folder;

  private Path metrics(String name, String... lines) throws IOException {
    return Files.writeString(folder.resolve(name), String.join("\n", lines));
  }

  private static String step(long step, double loss) {
    return Words.of(
        "{\"kind\":\"step\",\"step\":%d,\"loss\":%s,\"timing\":{\"seconds\":1}}", step, loss);
  }

  @Test
  void theFirstCommonStepThatDiffersByMoreThanTheLimit() throws IOException {
    Path a =
        metrics(
            "a",
            "{\"kind\":\"evaluation\",\"step\":0,\"val_loss\":9,\"timing\":{\"seconds\":1}}",
            step(1, 4),
            step(2, 4.0002),
            step(3, 8),
            step(10, 3.996),
            step(20, 3.9),
            "{\"kind\":\"step\",\"st");
    Path b =
        metrics(
            "b",
            "{\"kind\":\"evaluation\",\"step\":0,\"val_loss\":5,\"timing\":{\"seconds\":1}}",
            step(1, 4),
            step(2, 4),
            step(10, 4),
            step(20, 4),
            "");
    assertThat(LossCurves.firstDifference(a, b, 1e-4)).isEqualTo(OptionalLong.of(10));
    assertThat(LossCurves.firstDifference(a, b, 1e-5)).isEqualTo(OptionalLong.of(2));
    assertThat(LossCurves.firstDifference(a, b, 1e-2)).isEqualTo(OptionalLong.of(20));
    assertThat(LossCurves.firstDifference(a, b, 0.1)).isEmpty();
    assertThat(LossCurves.firstDifference(a, a, 0)).isEmpty();
  }

  @Test
  void aMissingOrDamagedFileIsNamed() throws IOException {
    Path good = metrics("good", step(1, 4), "");
    Path bad = metrics("bad", "no JSON", "");
    assertThatThrownBy(() -> LossCurves.firstDifference(bad, good, 0.1))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(bad.toString());
    assertThatThrownBy(() -> LossCurves.firstDifference(good, folder.resolve("none"), 0.1))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("none");
  }
}
