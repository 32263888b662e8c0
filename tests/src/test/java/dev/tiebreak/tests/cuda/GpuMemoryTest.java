package dev.tiebreak.tests.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.tensor.Backend;
import dev.tiebreak.tensor.CudaBackend;
import dev.tiebreak.tensor.attention.AttentionChoice;
import dev.tiebreak.trainer.lab.config.Arms;
import dev.tiebreak.trainer.lab.config.ConfigBuilder;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.train.Rehearsal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a training is said to take of a GPU's memory, without one, is what it takes, to the byte.
 */
@NeedsSimulatedCuda
class GpuMemoryTest {
  private static final int VOCABULARY = 61;
  private static final CudaBackend.Options APART = options(true); // the simulation fills blocks
  private static final CudaBackend.Options IN_BLOCKS = options(false);

  /** Two families, two types, two numbers of micro-batches. */
  private static final List<String> SHAPES =
      List.of(
          "training.precision=f32 training.accumulation=1 model.bias=true",
          "training.precision=bf16 training.accumulation=3 model.bias=true",
          "training.precision=f32 training.accumulation=3 model.positions=rope model.norm=rms model.activation=swiglu",
          "training.precision=bf16 training.accumulation=1 model.positions=rope model.norm=rms model.activation=swiglu model.tied_head=false");

  @TempDir static Path folder;

  private static CudaBackend cuda;

  @BeforeAll
  static void open() throws IOException {
    SimulatedCuda.install();
    SimulatedCuda.idle(true);
    cuda = CudaBackend.open(0, APART);
    Files.writeString(folder.resolve("config.toml"), config("model.layers=1").toToml());
  }

  @AfterAll
  static void close() {
    cuda.close();
    assertThat(SimulatedCuda.report()).isEmpty();
  }

  private static CudaBackend.Options options(boolean apart) {
    return new CudaBackend.Options(AttentionChoice.OWN.asOption(), apart, false);
  }

  private static TrainConfig config(String assignments) {
    ConfigBuilder builder =
        ConfigBuilder.preset("tiny")
            .set("model.layers=2")
            .set("model.channels=16")
            .set("model.sequence_length=16")
            .set("training.batch=2")
            .set("evaluation.examine=never")
            .set("gain.reference=" + folder);
    List.of(assignments.split(" ")).forEach(builder::set);
    return builder.build();
  }

  private static List<Object> taken(TrainConfig config, Backend backend) {
    Rehearsal run = Rehearsal.of(config, VOCABULARY, backend);
    return List.of(run.kept(), run.steps(), run.weights(), run.gradients(), run.moments());
  }

  private static void check(TrainConfig config) {
    assertThat(taken(config, CudaBackend.dry(APART))).isEqualTo(taken(config, cuda));
  }

  static Stream<String> arms() {
    return Arms.names().stream();
  }

  @ParameterizedTest
  @MethodSource("arms")
  void everyArmTakesWhatIsSaid(String arm) {
    SHAPES.forEach(shape -> check(config(shape).withArm(Arms.get(arm))));
  }

  @ParameterizedTest
  @CsvSource({
    "bf16, both, 'model.dropout=0.1 evaluation.examine=every'",
    "f32, both, 'model.kv_heads=1 model.positions=rope model.activation=gelu_erf'",
    "bf16, gain, 'logging.gradient_cosine_every=1 gain.scope=running'",
    "f32, block-influence, 'training.batch=20 model.channels=64 model.sequence_length=32'",
    "bf16, baseline, 'training.batch=5 model.channels=64 model.pad_vocabulary=2000'",
  })
  void soDoOtherShapes(String precision, String arm, String assignments) {
    check(config("training.precision=" + precision + " " + assignments).withArm(Arms.get(arm)));
  }

  @Test
  void blocksAreCountedToo() {
    TrainConfig config =
        config("training.precision=bf16 training.batch=70 model.channels=64")
            .withArm(Arms.get("both"));
    try (CudaBackend blocks = CudaBackend.open(0, IN_BLOCKS)) {
      assertThat(taken(config, CudaBackend.dry(IN_BLOCKS))).isEqualTo(taken(config, blocks));
    } finally {
      cuda.context().makeCurrent();
    }
  }
}
