package dev.tiebreak.trainer.lab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.examine.Examination;
import dev.tiebreak.trainer.lab.examine.ValidationTokens;
import dev.tiebreak.trainer.lab.train.HeldRun.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
class ExaminedRunTest {
  private static final String EXAMINATION = "examination.json";
  private static final String VALIDATION = "validation.safetensors";

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

  private Path train(String name, Mode mode, String... assignments) {
    Path run = folder.resolve(name);
    Runs.train(Runs.config("both", assignments), data, run, mode);
    return run;
  }

  private static List<JsonNode> evaluations(Path run) {
    return Runs.metrics(run).stream()
        .filter(json -> json.get("kind").asString().equals("evaluation"))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({"never, 0", "last, 1", "every, 4"})
  void asManyEvaluationsAsAskedForSayMoreThanTheLoss(String examine, long expected) {
    Path run = train("run", Mode.NEW, "evaluation.examine=" + examine);
    List<JsonNode> evaluations = evaluations(run);
    assertThat(evaluations).hasSize(4);
    assertThat(evaluations.stream().filter(json -> json.has("t_star"))).hasSize((int) expected);
    assertThat(evaluations.getLast().has("t_star")).isEqualTo(expected > 0);
    assertThat(Files.exists(run.resolve(EXAMINATION))).isEqualTo(expected > 0);
    assertThat(Files.exists(run.resolve(VALIDATION))).isEqualTo(expected > 0);
  }

  @Test
  void theFilesSayWhatTheLastLineOfTheMetricsSays() {
    Path run = train("run", Mode.NEW);
    Examination examination = Examination.load(run.resolve(EXAMINATION));
    JsonNode line = evaluations(run).getLast();
    assertThat(line.get("val_loss").asDouble()).isCloseTo(examination.loss(), offset(1e-6));
    assertThat(line.get("entropy").asDouble()).isEqualTo(examination.entropy());
    assertThat(line.get("loss_at_t_star").asDouble()).isEqualTo(examination.lossAtTemperature());
    assertThat(line.get("ece").asDouble()).isEqualTo(examination.calibrationError());
    assertThat(line.get("accuracy").asDouble()).isEqualTo(examination.accuracy());
    assertThat(line.get("loss_by_frequency")).hasSize(10);
    assertThat(line.get("loss_by_difficulty")).hasSize(10);
    ValidationTokens tokens = ValidationTokens.load(run.resolve(VALIDATION));
    double sum = 0;
    for (float loss : tokens.losses()) {
      sum += loss;
    }
    assertThat(sum / tokens.losses().length).isCloseTo(examination.loss(), offset(1e-12));
  }

  @ParameterizedTest
  @ValueSource(strings = {"both", EXAMINATION})
  void aRunKilledBeforeTheFilesAreThereGetsThemWhenItIsResumed(String missing) throws IOException {
    Path whole = train("whole", Mode.NEW);
    Path killed = train("killed", Mode.NEW);
    Files.delete(killed.resolve("summary.json"));
    Files.delete(killed.resolve(EXAMINATION));
    if (missing.equals("both")) {
      Files.delete(killed.resolve(VALIDATION));
    }
    train("killed", Mode.RESUME);
    Runs.assertSameBytes(killed, whole);
    assertThat(killed.resolve("summary.json")).exists();
  }

  @Test
  void aCompleteRunThatIsResumedKeepsItsFiles() throws IOException {
    Path run = train("run", Mode.NEW);
    Files.writeString(run.resolve(EXAMINATION), "as it was");
    train("run", Mode.RESUME);
    assertThat(run.resolve(EXAMINATION)).hasContent("as it was");
  }

  @Test
  void aNewRunInTheSameFolderRemovesThem() {
    train("run", Mode.NEW);
    Path run = train("run", Mode.OVERWRITE, "evaluation.examine=never");
    assertThat(run.resolve(EXAMINATION)).doesNotExist();
    assertThat(run.resolve(VALIDATION)).doesNotExist();
  }

  @Test
  void toExamineChangesNothingAboutTheTraining() {
    TrainConfig never = Runs.config("both", "evaluation.examine=never");
    TrainConfig every = Runs.config("both", "evaluation.examine=every");
    TrainResult a = Runs.train(never, data, folder.resolve("a"), Mode.NEW);
    TrainResult b = Runs.train(every, data, folder.resolve("b"), Mode.NEW);
    assertThat(b.summary().weightsHash()).isEqualTo(a.summary().weightsHash());
    assertThat(b.summary().valLoss()).isEqualTo(a.summary().valLoss());
  }
}
