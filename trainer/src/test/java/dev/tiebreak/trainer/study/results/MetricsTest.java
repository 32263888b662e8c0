package dev.tiebreak.trainer.study.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.trainer.base.UserError;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTest {
  @TempDir Path folder;

  private Metrics read(String text) {
    Path file = folder.resolve("metrics.jsonl");
    Fixtures.write(file, text);
    return Metrics.read(file);
  }

  @Test
  void quantitiesAreReadByNameAndStep() {
    Metrics metrics =
        read(
            """
            {"kind":"evaluation","step":0,"val_loss":5.5,"t_star":0.9,"timing":{"seconds":1}}
            {"kind":"step","step":1,"loss":5.0,"lr":0.1,"block_1_f":2.0,"timing":{"seconds":1}}
            {"kind":"step","step":3,"loss":null,"block_1_f":4.0,"timing":{"seconds":1}}
            {"kind":"step","step":4,"loss":3.0,"block_1_f":6.0,"timing":{"seconds":1}}
            """);
    Series loss = metrics.step("loss");
    assertThat(loss.size()).isEqualTo(3);
    assertThat(loss.at(1)).isEqualTo(5);
    assertThat(loss.at(3)).isNaN();
    assertThat(loss.at(2)).isNaN();
    assertThat(loss.lateMean()).as("of steps 3 and 4, one without a number").isEqualTo(3);
    assertThat(metrics.step("block_1_f").lateMean()).isEqualTo(5);
    assertThat(metrics.step("lr").size()).as("nobody looks at it").isZero();
    assertThat(metrics.step("lr").lateMean()).isNaN();
    assertThat(metrics.evaluation("val_loss").at(0)).isEqualTo(5.5);
    assertThat(metrics.evaluation("t_star").at(0)).isEqualTo(0.9);
    assertThat(metrics.evaluation("step").size()).isZero();
  }

  @Test
  void aLineThatIsBeingWrittenIsLeftOut() {
    assertThat(
            read("{\"kind\":\"step\",\"step\":1,\"loss\":5,\"timing\":{\"seconds\":1}}\n{\"kind\":\"st")
                .step("loss")
                .size())
        .isEqualTo(1);
  }

  @Test
  void aDamagedLineIsNamed() {
    assertThatThrownBy(() -> read("{\"kind\" \"step\"}\n"))
        .isInstanceOf(UserError.class)
        .hasMessage(folder.resolve("metrics.jsonl") + ": line 1: not JSON (remove those lines)");
  }
}
