package dev.tiebreak.trainer.study.pairs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.trainer.ballot.pairs.RunId;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.base.Words;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.data.Batches;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.data.Evaluation;
import dev.tiebreak.trainer.lab.device.Device;
import dev.tiebreak.trainer.lab.device.Parallelism;
import dev.tiebreak.trainer.lab.examine.EntropyMatch;
import dev.tiebreak.trainer.lab.examine.Examination;
import dev.tiebreak.trainer.lab.train.LoadedModel;
import dev.tiebreak.trainer.lab.train.RunFolder;
import dev.tiebreak.trainer.study.Study;
import dev.tiebreak.trainer.study.StudyFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlTemperaturesTest {
  private static final double T0 = 0.8; // the plan's

  private static final PairsListener SILENT =
      new PairsListener() {
        @Override
        public void status(String text) {}

        @Override
        public void written(int done, int total) {}
      };

  @TempDir static Path once;
  @TempDir Path folder;

  private static StudyFolder trained;

  @BeforeAll
  static void train() {
    trained = TrainedStudy.trained(once.resolve("study"), "");
  }

  private static Map<ModelPair, Double> temperatures(StudyFolder folder) {
    Study study = Study.open(folder.path());
    Path cache = folder.path().resolve(TrainedStudy.CACHE);
    return new ControlTemperatures(study, new Parallelism(Device.cpu(), 1, 1), cache, SILENT)
        .of(ModelPair.of(study.plan()));
  }

  private StudyFolder study(String treatment, String temperature) {
    return TrainedStudy.copy(
        trained,
        folder.resolve(temperature),
        Words.of(
            """
            [comparison.hot]
            treatment = "%s"
            control = "baseline"
            control_temperature = "%s"
            """,
            treatment, temperature));
  }

  private double mean(StudyFolder folder, RunId run, double temperature) {
    Study study = Study.open(folder.path());
    TrainConfig config = study.plan().config(run);
    try (Dataset data = study.data(folder.path().resolve(TrainedStudy.CACHE), _ -> {});
        CpuBackend cpu = CpuBackend.create(1);
        LoadedModel loaded = LoadedModel.open(folder.run(run), cpu)) {
      Evaluation evaluation =
          new Batches(data, config.training().batch(), 16, run.seed())
              .evaluation(config.evaluation().batches());
      return EntropyMatch.meanEntropy(loaded.model(), evaluation, temperature);
    }
  }

  @Test
  void atTheMatchedTemperatureTheControlIsAsUncertainAsTheTreatment() {
    StudyFolder study = study("strong", "matched_entropy");
    Map<ModelPair, Double> temperatures = temperatures(study);
    assertThat(temperatures).hasSize(4);
    temperatures.forEach((pair, temperature) -> {
      if (pair.comparison().name().equals("hot")) {
        assertThat(mean(study, pair.control(), temperature))
            .isCloseTo(mean(study, pair.treatment(), T0), within(EntropyMatch.TOLERANCE + 1e-4));
        assertThat(temperature).isNotEqualTo(T0);
        assertThat(temperature * 1e4).isCloseTo(Math.rint(temperature * 1e4), within(1e-9));
      } else {
        assertThat(temperature).isEqualTo(T0);
      }
    });
  }

  @Test
  void onePlusSOverVTakesTheTreatmentsStrengthAndItsVariance() {
    StudyFolder study = study("strong", "one_plus_s_over_v");
    temperatures(study)
        .forEach((pair, temperature) -> {
          Path file = new RunFolder(study.run(pair.treatment())).examination();
          double v = Examination.load(file).variance();
          boolean hot = pair.comparison().name().equals("hot");
          assertThat(temperature).isEqualTo(hot ? T0 * (1 + 1.5 / v) : T0);
        });
  }

  @Test
  void aTreatmentWithoutThatGainIsRefused() {
    StudyFolder study = study("copy", "one_plus_s_over_v");
    assertThatThrownBy(() -> temperatures(study))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("comparison.hot.control_temperature")
        .hasMessageContaining("'copy'");
  }

  @Test
  void withoutATemperatureThereIsNothingToChange() throws IOException {
    for (String wanted : List.of("matched_entropy", "one_plus_s_over_v")) {
      StudyFolder study = study("strong", wanted);
      String plan = TrainedStudy.text(study.plan());
      Files.writeString(
          study.plan(), plan.replace("[sampling]\n", "[sampling]\ntemperature = 0.0\n"));
      assertThatThrownBy(() -> temperatures(study))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("sampling.temperature is 0");
    }
  }
}
