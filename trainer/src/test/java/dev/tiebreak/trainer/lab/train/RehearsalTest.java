package dev.tiebreak.trainer.lab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.nn.Gpt;
import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.lab.config.Arms;
import dev.tiebreak.trainer.lab.config.ConfigBuilder;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.data.Batches;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.train.Rehearsal.Taken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What is rehearsed dry takes what the training itself takes, to the byte. */
@Tag("slow")
class RehearsalTest {
  private static final int THREADS = 2;
  private static final CpuBackend CPU = CpuBackend.create(THREADS);

  @TempDir static Path folder;

  private static Dataset data;

  @BeforeAll
  static void prepare() throws IOException {
    data = Runs.data(folder);
    Files.writeString(
        folder.resolve("config.toml"), Runs.shaped("model.layers=1", "model.bias=true").toToml());
  }

  @AfterAll
  static void close() {
    data.close();
    CPU.close();
  }

  /** Everything that a run does: it is evaluated, examined, and learns with and without logs. */
  private static List<Taken> trained(TrainConfig config) {
    int vocabulary = data.manifest().vocabulary();
    try (Scope kept = CPU.newScope("model");
        Scope compared = CPU.newScope("reference");
        Scope steps = CPU.newScope("step")) {
      Gpt reference =
          config.gain().needsReference()
              ? LoadedModel.initial(ReferenceModel.config(config), vocabulary, compared)
              : null;
      int batch = config.training().batch();
      Batches batches = new Batches(data, batch, config.model().sequenceLength(), 1);
      Assembly parts =
          Assembly.of(config, vocabulary, kept, steps, reference, batches, batches.evaluation(2));
      parts.evaluator().loss();
      parts.examiner().examine();
      for (int step = 0; step < 4; step++) {
        parts.step().run(step, step % 2 == 1).outcome();
      }
      parts.evaluator().probe();
      return List.of(Taken.of(kept).plus(Taken.of(compared)), Taken.of(steps));
    }
  }

  private static List<Taken> rehearsed(TrainConfig config) {
    try (CpuBackend dry = CpuBackend.dry(THREADS)) {
      Rehearsal rehearsal = Rehearsal.of(config, data.manifest().vocabulary(), dry);
      return List.of(rehearsal.kept(), rehearsal.steps());
    }
  }

  private static void check(TrainConfig config) {
    assertThat(rehearsed(config)).isEqualTo(trained(config));
  }

  private static TrainConfig config(String assignments) {
    return Runs.shaped(("evaluation.examine=every " + assignments).split(" "));
  }

  static Stream<String> arms() {
    return Arms.names().stream();
  }

  private static final String LLAMA =
      " model.positions=rope model.norm=rms model.activation=swiglu model.tied_head=false";

  @ParameterizedTest
  @MethodSource("arms")
  void everyArmIsRehearsedInBothFamilies(String arm) {
    for (String family : List.of(" model.bias=true", LLAMA)) {
      for (int accumulation : new int[] {1, 3}) {
        String rest = "training.accumulation=" + accumulation + " gain.reference=" + folder;
        check(config(rest + family).withArm(Arms.get(arm)));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "both, 'model.channels=96'",
    "gain, 'gain.clamp=[] gain.renormalise=false'",
    "divergence, 'model.dropout=0'",
    "both, 'model.positions=rope model.kv_heads=1 model.activation=gelu_erf training.batch=5'",
    "block-influence, 'model.channels=64 training.batch=70 model.sequence_length=64'",
    "block-influence, 'model.norm=rms model.layers=3'",
    "baseline, 'model.sequence_length=200 model.layers=3 training.batch=2'",
    "both, 'model.channels=128 model.heads=8 model.hidden=0 model.pad_vocabulary=20000'",
    "gain, 'model.channels=64 logging.gradient_cosine_every=1'",
    "baseline, 'model.channels=64 logging.gradient_cosine_every=2 training.batch=1'",
    "baseline, 'model.channels=8 model.layers=1 model.heads=1'",
    "baseline, 'model.channels=16 model.layers=1 training.batch=40 model.sequence_length=100'",
    "baseline, 'evaluation.examine=last training.threads=2'",
  })
  void soAreOtherShapes(String arm, String assignments) {
    check(config(assignments).withArm(Arms.get(arm)));
  }

  @ParameterizedTest
  @MethodSource("arms")
  void soIsEveryGain(String arm) {
    Map<String, JsonNode> overrides = Arms.get(arm).overrides();
    String gain = "gain.s=0.5 gain.reference=" + folder;
    for (String key : List.of("gain.formula", "gain.objective", "gain.through")) {
      gain += " " + key + "=" + overrides.get(key).asString().replace(" ", "");
    }
    boolean free = !arm.equals("constant-gain");
    boolean through = overrides.get("gain.through").asBoolean(); // then of a micro-batch only
    check(config(gain + " gain.renormalise=" + free + (through ? " gain.scope=micro" : "")));
    check(config(gain + " gain.clamp=[] gain.scope=micro gain.renormalise=" + free));
    check(config(gain + " gain.scope=running gain.renormalise=false"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gain.formula=(1-p)^s gain.s=2 gain.through=true gain.renormalise=true gain.scope=micro",
        "gain.formula=(1-p)^s gain.s=2 gain.through=true gain.renormalise=false",
        "gain.formula=shuffle(1+s*rank(l))*abs(l-m) gain.s=2",
        "gain.formula=softmax(min(l,H))+(1+max(p,m))^v gain.objective=l*u-min(H,1) gain.s=2",
      })
  void soAreFullGradientsPlacebosAndFormulasOfOnesOwn(String gain) {
    check(config(gain));
  }

  @Test
  void accumulationNeedsNoMemory() {
    assertThat(rehearsed(config("training.accumulation=7")))
        .isEqualTo(rehearsed(config("training.accumulation=1")));
  }

  @Test
  void whatNoMachineCanTakeIsSaidSo() {
    CpuBackend dry = CpuBackend.dry(1);
    TrainConfig batch = ConfigBuilder.preset("tiny").set("training.batch=1000000").build();
    assertThatThrownBy(() -> Rehearsal.of(batch, 256, dry))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("64,000,000 tokens")
        .hasMessageContaining("lower training.batch");
    TrainConfig wide =
        ConfigBuilder.preset("tiny")
            .set("model.channels=1048576")
            .set("model.sequence_length=4096")
            .set("training.batch=2")
            .build();
    assertThatThrownBy(() -> Rehearsal.of(wide, 256, dry))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("lower model.channels");
  }
}
