package dev.tiebreak.trainer.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.trainer.UserError;
import dev.tiebreak.trainer.config.Arms;
import dev.tiebreak.trainer.config.ConfigBuilder;
import dev.tiebreak.trainer.config.TrainConfig;
import dev.tiebreak.trainer.data.Dataset;
import dev.tiebreak.trainer.generate.TinyRuns;
import dev.tiebreak.trainer.train.RunManifest;
import dev.tiebreak.trainer.train.StepMetrics;
import dev.tiebreak.trainer.train.TrainListener;
import dev.tiebreak.trainer.train.Trainer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TwinsTest {
  @TempDir Path folder;

  private Dataset data;
  private final List<String> done = new ArrayList<>(); // arm and step, in order

  @BeforeEach
  void open() {
    data = TinyRuns.data(folder);
  }

  @AfterEach
  void close() {
    data.close();
  }

  private TrainListener listener(String arm) {
    return new TrainListener() {
      @Override
      public void stepped(StepMetrics metrics, boolean logged) {
        done.add(arm + " " + metrics.step());
      }
    };
  }

  private Twins train(TrainConfig config, String name, boolean overwrite) {
    return train(config, name, overwrite, (_, _) -> {});
  }

  private Twins train(
      TrainConfig config, String name, boolean overwrite, BiConsumer<String, Trainer> onTrainer) {
    done.clear();
    return Twins.train(config, data, folder.resolve(name), overwrite, this::listener, onTrainer);
  }

  @Test
  void twinsDifferInTheArmOnly() {
    Twins twins = train(TinyRuns.config(), "twins", false);
    assertThat(twins.complete()).isTrue();
    assertThat(twins.startedEqual()).isTrue();
    RunManifest baseline = RunManifest.load(folder.resolve("twins/baseline/manifest.json"));
    RunManifest both = RunManifest.load(folder.resolve("twins/both/manifest.json"));
    assertThat(baseline.initialWeightsHash()).isEqualTo(both.initialWeightsHash()).hasSize(64);
    assertThat(baseline.dataOrderHash()).isEqualTo(both.dataOrderHash()).hasSize(64);
    assertThat(baseline.data()).isEqualTo(both.data());
    assertThat(List.of(baseline.arm(), both.arm())).containsExactly("baseline", "both");
    TrainConfig one = ConfigBuilder.read(folder.resolve("twins/baseline/config.toml"));
    TrainConfig two = ConfigBuilder.read(folder.resolve("twins/both/config.toml"));
    assertThat(one).isNotEqualTo(two).isEqualTo(two.withArm(Arms.get("baseline")));
    assertThat(twins.baseline().curve()).extracting("step").containsExactly(0L, 2L, 4L, 6L);
    assertThat(twins.baseline().curve().getFirst().loss())
        .isEqualTo(twins.both().curve().getFirst().loss());
    assertThat(twins.both().summary().weightsHash())
        .isNotEqualTo(twins.baseline().summary().weightsHash());
    assertThat(twins.difference())
        .isNotZero()
        .isCloseTo(
            twins.both().curve().getLast().loss() - twins.baseline().curve().getLast().loss(),
            within(1e-15));
  }

  @Test
  void theArmOfTheConfigurationDoesNotMatter() {
    Twins plain = train(TinyRuns.config(), "plain", false);
    Twins gain = train(TinyRuns.config().withArm(Arms.get("gain")), "gain", false);
    assertThat(weights(gain)).isEqualTo(weights(plain));
  }

  private static List<String> weights(Twins twins) {
    return List.of(twins.baseline().summary().weightsHash(), twins.both().summary().weightsHash());
  }

  @Test
  void whatIsCompleteIsNotTrainedAgainUnlessOverwritten() {
    Twins first = train(TinyRuns.config(), "twins", false);
    assertThat(done).hasSize(12).startsWith("baseline 1").endsWith("both 6");
    Twins again = train(TinyRuns.config(), "twins", false);
    assertThat(done).isEmpty();
    assertThat(weights(again)).isEqualTo(weights(first));
    assertThat(again.baseline().curve()).hasSize(4);
    assertThat(again.difference()).isEqualTo(first.difference());
    Twins anew = train(TinyRuns.config("training.seed=2"), "twins", true);
    assertThat(done).hasSize(12);
    assertThat(weights(anew)).doesNotContainAnyElementsOf(weights(first));
  }

  @Test
  void aStopEndsTheFirstTwinAndTheNextCallGoesOn() {
    Twins stopped = train(TinyRuns.config(), "twins", false, (_, trainer) -> trainer.requestStop());
    assertThat(stopped.complete()).isFalse();
    assertThat(stopped.both()).isNull();
    assertThat(stopped.baseline().complete()).isFalse();
    assertThat(folder.resolve("twins/both")).doesNotExist();
    Twins goneOn = train(TinyRuns.config(), "twins", false);
    assertThat(goneOn.complete()).isTrue();
    assertThat(weights(goneOn)).isEqualTo(weights(train(TinyRuns.config(), "whole", false)));
  }

  @Test
  void aStopInTheSecondTwinLeavesTheFirstWhole() {
    BiConsumer<String, Trainer> stopBoth =
        (arm, trainer) -> {
          if (arm.equals("both")) {
            trainer.requestStop();
          }
        };
    Twins stopped = train(TinyRuns.config(), "twins", false, stopBoth);
    assertThat(stopped.complete()).isFalse();
    assertThat(stopped.baseline().complete()).isTrue();
    assertThat(stopped.both().complete()).isFalse();
    train(TinyRuns.config(), "twins", false);
    assertThat(done).hasSize(6).allMatch(step -> step.startsWith("both"));
  }

  @Test
  void runsOfOtherSettingsAreNotMixed() {
    train(TinyRuns.config(), "twins", false);
    assertThatThrownBy(() -> train(TinyRuns.config("training.seed=2"), "twins", false))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("cannot resume " + folder.resolve("twins/baseline"))
        .hasMessageContaining("--overwrite");
    assertThat(done).isEmpty();
  }

  @Test
  void runsOfTwoSeedsDidNotStartEqual() {
    Twins one = train(TinyRuns.config(), "one", false);
    Twins two = train(TinyRuns.config("training.seed=2"), "two", false);
    assertThat(new Twins(one.baseline(), two.both()).startedEqual()).isFalse();
  }
}
