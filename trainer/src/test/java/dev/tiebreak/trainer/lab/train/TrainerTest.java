package dev.tiebreak.trainer.lab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.lab.checkpoint.Checkpoint;
import dev.tiebreak.trainer.lab.config.ConfigBuilder;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.device.Device;
import dev.tiebreak.trainer.lab.train.HeldRun.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@Tag("slow")
class TrainerTest {
  @TempDir Path folder;

  private Dataset data;

  @BeforeEach
  void prepare() {
    data = Runs.data(folder);
  }

  @AfterEach
  void close() {
    data.close();
  }

  private Path run(String name) {
    return folder.resolve(name);
  }

  private String refusal(TrainConfig config, Path run, Mode mode) {
    String[] message = new String[1];
    assertThatThrownBy(() -> Runs.train(config, data, run, mode))
        .isInstanceOfSatisfying(UserError.class, error -> message[0] = error.getMessage());
    assertThat(message[0]).doesNotContain("\n");
    return message[0];
  }

  @ParameterizedTest
  @ValueSource(strings = {"baseline", "both", "shuffled-divergence", "gradient-norm"})
  void twoEqualRunsGiveEqualBytes(String arm) {
    TrainResult first = Runs.train(Runs.config(arm), data, run("a"), Mode.NEW);
    TrainResult second = Runs.train(Runs.config(arm), data, run("b"), Mode.NEW);
    Runs.assertSameBytes(run("b"), run("a"));
    assertThat(second.summary().weightsHash()).isEqualTo(first.summary().weightsHash());
    assertThat(first.complete()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"baseline,3", "both,3", "both,4", "both,1", "shuffled-divergence,3"})
  void aResumedRunGivesTheBytesOfAnUninterruptedOne(String arm, long stopAfter) {
    TrainConfig config = Runs.config(arm);
    Runs.train(config, data, run("whole"), Mode.NEW);
    TrainResult stopped = Runs.train(config, data, run("parts"), Mode.NEW, stopAfter);
    assertThat(stopped.complete()).isFalse();
    assertThat(stopped.checkpoint().step()).isEqualTo(stopAfter);
    assertThat(run("parts/summary.json")).doesNotExist();
    TrainResult resumed = Runs.train(config, data, run("parts"), Mode.RESUME);
    assertThat(resumed.complete()).isTrue();
    assertThat(resumed.curve()).extracting(EvaluationPoint::step).containsExactly(0L, 2L, 4L, 6L);
    Runs.assertSameBytes(run("parts"), run("whole"));
  }

  @Test
  void aKilledRunGoesOnFromItsLastCheckpointAndRepeatsNothingInTheMetrics() throws IOException {
    TrainConfig config = Runs.config("both");
    Runs.train(config, data, run("whole"), Mode.NEW);
    Runs.train(config, data, run("killed"), Mode.NEW);
    // As if it had been killed in step 6, while writing metrics and a checkpoint.
    Checkpoint last = new RunFolder(run("killed")).checkpoints().latest().orElseThrow();
    Files.move(last.folder(), last.folder().resolveSibling(".step-0000006.77.tmp"));
    Files.delete(run("killed/summary.json"));
    Path metrics = run("killed/metrics.jsonl");
    String text = Files.readString(metrics);
    Files.writeString(metrics, text.substring(0, text.length() - 20));
    Runs.train(config, data, run("killed"), Mode.RESUME);
    Runs.assertSameBytes(run("killed"), run("whole"));
    assertThat(run("killed/checkpoints/.step-0000006.77.tmp")).doesNotExist();
  }

  @Test
  void aRunKilledBeforeItsFirstCheckpointStartsAgain() {
    TrainConfig config = Runs.config("baseline");
    Runs.train(config, data, run("whole"), Mode.NEW);
    Runs.train(config, data, run("killed"), Mode.NEW);
    new RunFolder(run("killed")).checkpoints().deleteAll();
    Runs.train(config, data, run("killed"), Mode.RESUME);
    Runs.assertSameBytes(run("killed"), run("whole"));
  }

  @Test
  void resumingACompleteRunChangesNothing() {
    TrainConfig config = Runs.config("baseline");
    TrainResult whole = Runs.train(config, data, run("a"), Mode.NEW);
    TrainResult again = Runs.train(config, data, run("a"), Mode.RESUME);
    assertThat(again.complete()).isTrue();
    assertThat(again.summary().valLoss()).isEqualTo(whole.summary().valLoss());
    assertThat(again.summary().weightsHash()).isEqualTo(whole.summary().weightsHash());
  }

  @Test
  void armsShareInitialWeightsDataAndDataOrder() {
    List<RunManifest> manifests = new ArrayList<>();
    List<String> results = new ArrayList<>();
    for (String arm : List.of("baseline", "gain", "divergence", "both")) {
      TrainResult result = Runs.train(Runs.config(arm), data, run(arm), Mode.NEW);
      manifests.add(RunManifest.load(run(arm + "/manifest.json")));
      assertThat(manifests.getLast()).isEqualTo(result.manifest());
      results.add(result.summary().weightsHash());
    }
    assertThat(manifests)
        .extracting(RunManifest::initialWeightsHash)
        .containsOnly(first(manifests));
    assertThat(manifests).extracting(RunManifest::dataOrderHash).doesNotContainNull();
    assertThat(manifests.stream().map(RunManifest::dataOrderHash).distinct()).hasSize(1);
    assertThat(manifests.stream().map(RunManifest::data).distinct()).hasSize(1);
    assertThat(manifests).extracting(RunManifest::arm).doesNotHaveDuplicates();
    assertThat(results).as("the arms train to different weights").doesNotHaveDuplicates();

    TrainConfig seed = Runs.config("baseline", "training.seed=2");
    RunManifest other = Runs.train(seed, data, run("seed"), Mode.NEW).manifest();
    assertThat(other.initialWeightsHash()).isNotEqualTo(first(manifests));
    assertThat(other.dataOrderHash()).isNotEqualTo(manifests.getFirst().dataOrderHash());
  }

  private static String first(List<RunManifest> manifests) {
    return manifests.getFirst().initialWeightsHash();
  }

  @Test
  void theManifestSaysWhatRan() {
    RunManifest manifest = Runs.train(Runs.config("both"), data, run("a"), Mode.NEW).manifest();
    assertThat(manifest.arm()).isEqualTo("both");
    assertThat(manifest.configHash()).isEqualTo(Runs.config("both").hash());
    assertThat(ConfigBuilder.read(run("a/config.toml"))).isEqualTo(Runs.config("both"));
    assertThat(manifest.data().tokensHash()).isEqualTo(data.manifest().tokensSha256());
    assertThat(manifest.machine().threads()).isEqualTo(2);
    assertThat(manifest.machine().java()).startsWith(System.getProperty("java.runtime.version"));
    assertThat(manifest.code().sha256()).hasSize(64).isEqualTo(CodeVersion.current().sha256());
  }

  @Test
  void theMetricsHoldEveryStepAndEveryEvaluation() throws IOException {
    TrainConfig config =
        Runs.config(
            "both", "gain.clamp=[]", "gain.scope=micro", "gain.floor=1e-9", "gain.epsilon=0");
    TrainResult result = Runs.train(config, data, run("a"), Mode.NEW);
    List<JsonNode> lines = Runs.metrics(run("a"));
    assertThat(lines)
        .extracting(line -> line.path("kind").asString().charAt(0))
        .containsExactly('e', 's', 's', 'e', 's', 's', 'e', 's', 's', 'e');
    JsonNode third = lines.get(4);
    assertThat(third.path("step").asInt()).isEqualTo(3);
    assertThat(third.path("tokens").asInt()).isEqualTo(3 * 3 * 2 * 16);
    assertThat(third.path("lr").asDouble()).isEqualTo(3e-3);
    // Without clamp and floor the shaped loss is the plain one plus s.
    double shift = third.path("shaped_loss").asDouble() - third.path("loss").asDouble();
    assertThat(shift).isCloseTo(0.5, offset(1e-5));
    assertThat(third.properties())
        .extracting(Map.Entry::getKey)
        .contains("gradient_norm", "clip", "weight_mean", "block_1_d", "block_1_f", "timing")
        .contains("block_0_gradient_norm", "gradient_norm_before_scaling");
    RunSummary summary = RunSummary.load(run("a/summary.json"));
    assertThat(summary).isEqualTo(result.summary());
    assertThat(summary.valLoss()).isEqualTo(lines.getLast().path("val_loss").asDouble());
    assertThat(summary.timing().tokensPerSecond()).isPositive();
  }

  @Test
  void theLossFalls() {
    TrainConfig config =
        Runs.config(
            "baseline",
            "training.steps=150",
            "model.dropout=0",
            "optimizer.lr=1e-2",
            "evaluation.every=150",
            "checkpoint.every=0",
            "logging.every=10");
    TrainResult result = Runs.train(config, data, run("a"), Mode.NEW);
    assertThat(result.curve().getFirst().loss()).isBetween(5.0, 6.0); // ln 256 = 5.5
    assertThat(result.summary().valLoss()).isLessThan(1.0);
    assertThat(new RunFolder(run("a")).checkpoints().all()).hasSize(1);
  }

  @Test
  void anAbsurdLearningRateStopsTheRunAndSavesNothing() {
    TrainConfig config =
        Runs.config("baseline", "optimizer.lr=1e30", "optimizer.min_lr=0", "checkpoint.every=5");
    assertThat(refusal(config, run("a"), Mode.NEW))
        .contains("NaN in step 2")
        .contains("there is no checkpoint before it")
        .contains("lower optimizer.lr (now 1.0E30)");
    assertThat(new RunFolder(run("a")).checkpoints().all()).isEmpty();
    assertThat(run("a/summary.json")).doesNotExist();
  }

  @Test
  void aStepThatIsHeardOfLaterStopsTheRunAllTheSame() {
    TrainConfig config =
        Runs.config(
            "baseline",
            "optimizer.lr=1e30",
            "optimizer.min_lr=0",
            "checkpoint.every=0",
            "evaluation.every=6",
            "logging.every=6");
    assertThat(refusal(config, run("a"), Mode.NEW)).contains("NaN in step 2");
    assertThat(new RunFolder(run("a")).checkpoints().all()).isEmpty();
  }

  @Test
  void whatIsToldComesInTheOrderOfTheSteps() {
    List<String> told = new ArrayList<>();
    TrainListener listener =
        new TrainListener() {
          @Override
          public void stepped(StepMetrics metrics, boolean logged) {
            told.add("step " + metrics.step() + (logged ? " logged" : ""));
            assertThat(metrics.tokens()).isEqualTo(metrics.step() * 3 * 2 * 16);
          }

          @Override
          public void evaluated(EvaluationPoint point) {
            told.add("evaluation " + point.step());
          }

          @Override
          public void saved(Checkpoint checkpoint) {
            told.add("checkpoint " + checkpoint.step());
          }
        };
    TrainConfig config =
        Runs.config("baseline", "logging.every=4", "evaluation.every=3", "checkpoint.every=5");
    try (HeldRun run = HeldRun.open(run("a"), Mode.NEW)) {
      new Trainer(config, data, run, Device.cpu(), listener).run();
    }
    assertThat(told)
        .containsExactly(
            "evaluation 0",
            "step 1 logged",
            "step 2",
            "step 3",
            "evaluation 3",
            "step 4 logged",
            "step 5",
            "checkpoint 5",
            "step 6 logged",
            "evaluation 6",
            "checkpoint 6");
  }

  @Test
  void aRunThatIsStoppedBetweenLoggedStepsKeepsEveryStepItTook() {
    TrainConfig config =
        Runs.config("both", "logging.every=6", "evaluation.every=6", "checkpoint.every=0");
    Runs.train(config, data, run("whole"), Mode.NEW);
    TrainResult stopped = Runs.train(config, data, run("parts"), Mode.NEW, 2);
    assertThat(stopped.checkpoint().step()).isEqualTo(stopped.summary().steps()).isBetween(2L, 5L);
    Runs.train(config, data, run("parts"), Mode.RESUME);
    Runs.assertSameBytes(run("parts"), run("whole"));
  }

  @Test
  void weightsThatGiveNoLossAreNotSavedAndTheCheckpointBeforeIsNamed() throws IOException {
    TrainConfig config = Runs.config("gain", "evaluation.every=6", "checkpoint.every=1");
    Runs.train(config, data, run("a"), Mode.NEW, 1);
    Checkpoint first = new RunFolder(run("a")).checkpoints().latest().orElseThrow();
    byte[] moments = Files.readAllBytes(first.folder().resolve(Checkpoint.OPTIMIZER));
    Arrays.fill(moments, moments.length - 64, moments.length, (byte) 0xFF); // NaN
    Files.write(first.folder().resolve(Checkpoint.OPTIMIZER), moments);
    assertThat(refusal(config, run("a"), Mode.RESUME))
        .contains("the validation loss is NaN after step 2")
        .contains("the last good checkpoint is " + first.folder())
        .contains("gain.s");
    assertThat(new RunFolder(run("a")).checkpoints().all()).containsExactly(first);
  }

  @Test
  void aDamagedCheckpointIsNamed() throws IOException {
    TrainConfig config = Runs.config("baseline");
    Runs.train(config, data, run("a"), Mode.NEW, 3);
    Path optimizer = run("a/checkpoints/step-0000003").resolve(Checkpoint.OPTIMIZER);
    byte[] whole = Files.readAllBytes(optimizer);
    Files.write(optimizer, Arrays.copyOf(whole, whole.length / 2));
    assertThat(refusal(config, run("a"), Mode.RESUME))
        .contains(optimizer.toString())
        .contains("cut off");
  }

  @Test
  void onlyTheSameRunIsResumed() {
    Runs.train(Runs.config("baseline"), data, run("a"), Mode.NEW, 3);
    assertThat(refusal(Runs.config("baseline", "optimizer.lr=1e-2"), run("a"), Mode.RESUME))
        .contains("configuration")
        .contains("train anew");
    try (Dataset other = Runs.data(folder, Runs.TEXT + "?")) {
      assertThatThrownBy(() -> Runs.train(Runs.config("baseline"), other, run("a"), Mode.RESUME))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("its text");
    }
  }

  @Test
  void textShorterThanABlockIsRefusedBeforeAnythingIsWritten() {
    try (Dataset small = Runs.data(folder, "too short")) {
      assertThatThrownBy(() -> Runs.train(Runs.config("baseline"), small, run("a"), Mode.NEW))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("one block needs 17");
    }
    assertThat(run("a")).doesNotExist();
  }

  @Test
  void emptyTextIsRefused() {
    assertThatThrownBy(() -> Runs.data(folder, ""))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("empty");
  }
}
