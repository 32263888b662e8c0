package dev.tiebreak.trainer.lab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.trainer.lab.checkpoint.Checkpoint;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.train.HeldRun.Mode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class GradientCosineTest {
  private static final String COSINE = "gradient_cosine";
  private static final List<String> NAMES =
      List.of(COSINE, "block_0_gradient_cosine", "block_1_gradient_cosine");

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

  /** The logged steps of a run in which each is compared. */
  private List<JsonNode> steps(String arm, String... assignments) {
    String[] all = List.of(assignments).toArray(new String[assignments.length + 1]);
    all[assignments.length] = "logging.gradient_cosine_every=1";
    Runs.train(Runs.config(arm, all), data, folder.resolve(arm), Mode.NEW);
    return Runs.metrics(folder.resolve(arm)).stream()
        .filter(json -> json.get("kind").asString().equals("step"))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"baseline", "both", "gradient-norm", "shuffled-divergence"})
  void lookingChangesNoByte(String arm) {
    Path blind = folder.resolve("blind");
    Path seen = folder.resolve("seen");
    Runs.train(Runs.config(arm), data, blind, Mode.NEW);
    Runs.train(Runs.config(arm, "logging.gradient_cosine_every=2"), data, seen, Mode.NEW);
    for (Checkpoint checkpoint : new RunFolder(blind).checkpoints().all()) {
      for (String file : List.of(Checkpoint.WEIGHTS, Checkpoint.OPTIMIZER)) {
        Path of = checkpoint.folder().resolve(file);
        assertThat(seen.resolve(blind.relativize(of))).hasSameBinaryContentAs(of);
      }
    }
    List<JsonNode> metrics = Runs.withoutTiming(seen);
    for (JsonNode json : metrics) {
      boolean compared =
          json.get("kind").asString().equals("step") && json.get("step").asLong() % 2 == 0;
      assertThat(json.has(COSINE)).isEqualTo(compared);
      ((ObjectNode) json).remove(NAMES);
    }
    assertThat(metrics).isEqualTo(Runs.withoutTiming(blind));
  }

  @Test
  void theBaselinesGradientIsThePlainOne() {
    for (JsonNode step : steps("baseline")) {
      for (String name : NAMES) {
        assertThat(step.get(name).asDouble()).isCloseTo(1, within(1e-6));
      }
    }
  }

  @Test
  void theGainTurnsTheGradientOfEveryBlock() {
    for (JsonNode step : steps("gain", "gain.floor=0", "gain.warmup=0", "gain.s=0.05")) {
      for (String name : NAMES) {
        assertThat(step.get(name).asDouble()).isBetween(-1.0, 0.999);
      }
    }
  }

  @Test
  void aScalingTurnsTheWholeAsItsFactorsSayAndNoBlock() {
    for (JsonNode step : steps("divergence", "layer_scaling.cap=inf")) {
      double plain = square(step, "gradient_norm_before_scaling");
      double shared = plain; // plain times scaled
      for (int block = 0; block < 2; block++) {
        String name = "block_" + block + "_";
        double square = square(step, name + "gradient_norm_before_scaling");
        shared += (step.get(name + "f").asDouble() - 1) * square;
        assertThat(step.get(name + COSINE).asDouble()).isCloseTo(1, within(1e-6));
      }
      double expected = shared / Math.sqrt(plain * square(step, "gradient_norm"));
      assertThat(expected).isBetween(0.3, 0.9999);
      assertThat(step.get(COSINE).asDouble()).isCloseTo(expected, within(1e-5));
    }
  }

  private static double square(JsonNode step, String name) {
    return Math.pow(step.get(name).asDouble(), 2);
  }
}
