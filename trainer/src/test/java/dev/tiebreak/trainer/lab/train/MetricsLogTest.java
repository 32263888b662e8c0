package dev.tiebreak.trainer.lab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.lab.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsLogTest {
  @TempDir Path folder;

  private Path file() {
    return folder.resolve("metrics.jsonl");
  }

  private static Optional<Checkpoint> at(long step) {
    return Optional.of(new Checkpoint(Path.of("step"), step));
  }

  private static StepMetrics step(long step, double rate) {
    return new StepMetrics(
        step, step * 10, 2.5, 3, 1e-3, 1.5, 0.5, Map.of("skew", Double.NaN), rate, step);
  }

  private void writeThree() {
    try (MetricsLog log = MetricsLog.open(file(), Optional.empty())) {
      log.write(new EvaluationPoint(0, 5.5, 0.25), Optional.empty());
      log.write(step(1, 100));
      log.write(step(2, 300));
      log.write(new EvaluationPoint(2, 4.5, 2.25), Optional.empty());
      log.write(step(3, 500));
    }
  }

  @Test
  void eachRecordIsOneLineWithTheClockApart() throws IOException {
    writeThree();
    List<String> lines = Files.readAllLines(file());
    assertThat(lines.get(1))
        .isEqualTo(
            "{\"kind\":\"step\",\"step\":1,\"tokens\":10,\"loss\":2.5,\"shaped_loss\":3.0,"
                + "\"lr\":0.001,\"gradient_norm\":1.5,\"clip\":0.5,\"skew\":null,"
                + "\"timing\":{\"seconds\":1.0,\"tokens_per_second\":100.0}}");
    assertThat(lines.get(3))
        .isEqualTo(
            "{\"kind\":\"evaluation\",\"step\":2,\"val_loss\":4.5,\"timing\":{\"seconds\":2.25}}");
  }

  @Test
  void resumingKeepsWhatIsNotAfterTheCheckpoint() throws IOException {
    writeThree();
    List<String> lines = Files.readAllLines(file());
    try (MetricsLog log = MetricsLog.open(file(), at(2))) {
      assertThat(Files.readAllLines(file())).isEqualTo(lines.subList(0, 4));
      assertThat(log.evaluations())
          .containsExactly(new EvaluationPoint(0, 5.5, 0.25), new EvaluationPoint(2, 4.5, 2.25));
      assertThat(log.seconds()).isEqualTo(2.25);
      assertThat(log.isEvaluated(2)).isTrue();
      assertThat(log.isEvaluated(3)).isFalse();
      assertThat(log.medianTokensPerSecond()).isEqualTo(200);
      log.write(step(3, 500));
      assertThat(log.medianTokensPerSecond()).isEqualTo(300);
    }
    assertThat(Files.readAllLines(file())).isEqualTo(lines);
  }

  @Test
  void aHalfWrittenLastLineIsDropped() throws IOException {
    writeThree();
    String text = Files.readString(file());
    Files.writeString(file(), text.substring(0, text.length() - 30));
    MetricsLog.open(file(), at(3)).close();
    assertThat(Files.readAllLines(file())).hasSize(4);
  }

  @Test
  void aMissingFileIsAnEmptyOne() {
    try (MetricsLog log = MetricsLog.open(file(), at(3))) {
      assertThat(log.evaluations()).isEmpty();
      assertThat(log.medianTokensPerSecond()).isZero();
    }
  }

  @Test
  void aDamagedLineIsReported() throws IOException {
    Files.writeString(file(), "{\"kind\":\n");
    assertThatThrownBy(() -> MetricsLog.open(file(), at(1)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(file().toString());
  }
}
