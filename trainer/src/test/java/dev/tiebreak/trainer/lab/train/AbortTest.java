package dev.tiebreak.trainer.lab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.losses.Metric;
import dev.tiebreak.losses.StepExtremes;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.lab.config.AbortConfig;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.train.HeldRun.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AbortTest {
  @TempDir Path folder;
  private Dataset data;

  @BeforeEach
  void open() {
    data = Runs.data(folder);
  }

  @AfterEach
  void close() {
    data.close();
  }

  private Path run() {
    return folder.resolve("run");
  }

  private String refusal(TrainConfig config, Mode mode) {
    String[] message = new String[1];
    assertThatThrownBy(() -> Runs.train(config, data, run(), mode))
        .isInstanceOfSatisfying(UserError.class, error -> message[0] = error.getMessage());
    assertThat(message[0]).doesNotContain("\n");
    return message[0];
  }

  private JsonNode record() throws IOException {
    return JsonMapper.shared().readTree(Files.readString(run().resolve("aborted.json")));
  }

  @Test
  void aWeightBeyondTheLimitEndsTheRunAndEverySecondTry() throws IOException {
    TrainConfig config =
        Runs.config("gain", "gain.warmup=4", "abort.weight=1.05", "gain.floor=0.02", "gain.s=0.01");
    String refusal = refusal(config, Mode.NEW);
    JsonNode record = record();
    long step = record.get("step").asLong();
    assertThat(step).isPositive();
    assertThat(refusal)
        .matches(
            "training stopped, a token's weight is \\S+, beyond abort.weight \\(1.05\\) in step .*")
        .contains(record.get("reason").asString())
        .contains("; try a smaller gain.s")
        .endsWith("; the numbers are in " + run().resolve("aborted.json"));
    JsonNode numbers = record.get("numbers");
    assertThat(Math.abs(numbers.get(Metric.STEP_WEIGHT).asDouble())).isGreaterThan(1.05);
    double high = numbers.get(Metric.WEIGHT_MAX).asDouble(); // of the last micro-batch
    assertThat(record.get("numbers").get("loss").asDouble()).isPositive();
    List<JsonNode> metrics = Runs.metrics(run());
    assertThat(metrics.getLast().get("step").asLong()).isEqualTo(step);
    assertThat(metrics.getLast().get("weight_max").asDouble()).isEqualTo(high);

    assertThat(refusal(config, Mode.RESUME)).isEqualTo(refusal);
    assertThat(record()).isEqualTo(record);
    assertThat(Runs.withoutTiming(run()).getLast().get("step").asLong()).isEqualTo(step);

    Runs.train(Runs.config("gain"), data, run(), Mode.OVERWRITE);
    assertThat(run().resolve("aborted.json")).doesNotExist();
  }

  @Test
  void lossesThatHardlyDifferEndTheRunIfThatIsAskedFor() throws IOException {
    TrainConfig config = Runs.config("baseline", "abort.variance=5");
    assertThat(refusal(config, Mode.NEW))
        .contains("the variance of the losses is 0.0")
        .contains("below abort.variance (5.0) in step 1");
    assertThat(record().get("numbers").get("loss_variance").asDouble()).isLessThan(0.1);
  }

  @Test
  void aLossThatIsNoNumberIsRecordedToo() throws IOException {
    TrainConfig config = Runs.config("baseline", "optimizer.lr=1e30", "optimizer.min_lr=0");
    assertThat(refusal(config, Mode.NEW)).contains("NaN in step 2");
    assertThat(record().get("step").asLong()).isEqualTo(2);
    assertThat(record().get("reason").asString()).endsWith("is NaN in step 2");
    assertThat(record().get("numbers").get("gradient_norm").isNull()).isTrue();
  }

  @Test
  void theRecordOfARunThatIsCompleteAfterAllIsRemoved() throws IOException {
    TrainConfig config = Runs.config("baseline");
    Runs.train(config, data, run(), Mode.NEW, 3);
    Files.writeString(run().resolve("aborted.json"), "{}");
    Runs.train(config, data, run(), Mode.RESUME, 5);
    assertThat(run().resolve("aborted.json")).exists();
    assertThat(Runs.train(config, data, run(), Mode.RESUME).complete()).isTrue();
    assertThat(run().resolve("aborted.json")).doesNotExist();
  }

  /** A log setting must not change a result. */
  @Test
  void theSameStepIsTheLastHoweverSeldomItIsLogged() throws IOException {
    Set<String> refusals = new HashSet<>();
    for (int every : new int[] {1, 7, 100}) {
      TrainConfig config =
          Runs.config(
              "gain",
              "gain.warmup=20",
              "gain.s=3",
              "gain.clamp=[]",
              "gain.floor=0",
              "abort.weight=7",
              "training.accumulation=2",
              "logging.every=" + every);
      assertThatThrownBy(() -> Runs.train(config, data, run(), Mode.OVERWRITE))
          .isInstanceOfSatisfying(UserError.class, error -> refusals.add(error.getMessage()));
      JsonNode numbers = record().get("numbers");
      assertThat(Math.abs(numbers.get(Metric.STEP_WEIGHT).asDouble())).isGreaterThan(7);
      assertThat(record().get("step").asLong()).isLessThan(7);
    }
    assertThat(refusals).hasSize(1);
  }

  @Test
  void limitsAreOfSizes() {
    AbortConfig limits = new AbortConfig(50, 0.1, 3);
    assertThat(AbortRecord.reason(limits, new StepExtremes(-50, 0.1, 3))).isEmpty();
    assertThat(AbortRecord.reason(limits, new StepExtremes(-51, 1, 1)))
        .hasValue("a token's weight is -51.00, beyond abort.weight (50.0)");
    assertThat(AbortRecord.reason(limits, new StepExtremes(123456, 1, 1)))
        .hasValue("a token's weight is 1.235e+05, beyond abort.weight (50.0)");
    assertThat(AbortRecord.reason(limits, new StepExtremes(1, 0.09, 1)))
        .hasValue("the variance of the losses is 0.09000, below abort.variance (0.1)");
    assertThat(AbortRecord.reason(limits, new StepExtremes(1, 1, 3.5)))
        .hasValue("a block's factor is 3.500, beyond abort.factor (3.0)");
    double any = Double.POSITIVE_INFINITY;
    AbortConfig none = new AbortConfig(any, 0, any);
    assertThat(AbortRecord.reason(none, new StepExtremes(-1e30, 0, 1e30))).isEmpty();
  }

  @Test
  void aFactorBeyondTheLimitEndsTheRun() throws IOException {
    TrainConfig config =
        Runs.config(
            "divergence", "abort.factor=1.01", "logging.every=100", "layer_scaling.cap=inf");
    assertThat(refusal(config, Mode.NEW)).contains("a block's factor is").contains("in step 1;");
    assertThat(record().get("numbers").get(Metric.STEP_FACTOR).asDouble()).isGreaterThan(1.01);
  }
}
