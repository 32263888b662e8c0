package dev.tiebreak.trainer.lab.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.losses.Prediction;
import dev.tiebreak.losses.ShapedLoss;
import dev.tiebreak.losses.TokenGain;
import dev.tiebreak.nn.AdamW;
import dev.tiebreak.nn.Gpt;
import dev.tiebreak.nn.GptConfig;
import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.trainer.lab.config.Arms;
import dev.tiebreak.trainer.lab.config.ConfigBuilder;
import dev.tiebreak.trainer.lab.config.GainConfig;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/** The plan against what a real step takes. */
class MemoryPlanTest {
  private static final int VOCABULARY = 999;
  private static final int THREADS = 2;
  private static final Footing CPU = new Footing(false, DType.F32, THREADS);
  private static final Percentage TOLERANCE = Percentage.withPercentage(1);
  private static final Percentage CLOSE = Percentage.withPercentage(0.05);

  /** What a real evaluation and a real step took, in bytes. */
  private record Taken(long step, long stepReserved, long modelReserved) {}

  private static Taken take(TrainConfig config) {
    GptConfig gpt = config.model().gpt(VOCABULARY);
    try (CpuBackend cpu = CpuBackend.create(THREADS);
        Scope model = cpu.newScope("model");
        Scope referenceScope = cpu.newScope("reference");
        Scope step = cpu.newScope("step")) {
      Gpt network = new Gpt(gpt, DType.F32, model, 1);
      AdamW optimizer = new AdamW(network.parameters(), model, config.optimizer().adamW());
      int batch = config.training().batch();
      Tensor tokens = model.zeros(DType.I32, batch, gpt.sequenceLength());
      Tensor targets = model.zeros(DType.I32, batch, gpt.sequenceLength());
      TokenGain gain = config.gain().tokenGain(model, 1, reference(config, referenceScope));
      config.layerScaling().attach(network, optimizer, 1);
      Tensor sum = model.zeros(DType.F32);
      model.zeros(DType.F32);
      model.zeros(DType.F32);
      try (Tape _ = Tape.inference(step)) {
        network.losses(tokens, targets).mean();
      }
      gain.prepare(tokens, targets, step);
      network.startMicroBatch(0);
      try (Tape tape = Tape.start(step)) {
        ShapedLoss shaped = gain.shape(Prediction.of(network, tokens, targets, 0, 0));
        for (Tensor part : List.of(shaped.plain(), shaped.loss())) { // as a training step does
          sum.add(part.detach().scale(1));
        }
        tape.backward(shaped.loss().scale(1));
      }
      return new Taken(
          step.peakBytes(),
          step.reservedBytes(),
          model.reservedBytes() + referenceScope.reservedBytes());
    }
  }

  private static Gpt reference(TrainConfig config, Scope scope) {
    return config.gain().hasReference()
        ? new Gpt(config.gain().referenceConfig().model().gpt(VOCABULARY), DType.F32, scope, 1)
        : null;
  }

  @ParameterizedTest
  @CsvSource({
    "baseline, 'model.bias=true'",
    "both, 'model.channels=96'",
    "gain, 'gain.clamp=[] gain.renormalise=false'",
    "divergence, 'model.dropout=0.1'",
    "baseline, 'model.positions=rope model.norm=rms model.activation=swiglu model.tied_head=false'",
    "both, 'model.positions=rope model.kv_heads=1 model.activation=gelu_erf training.batch=3'",
    "block-influence, 'model.channels=96 training.batch=300 model.sequence_length=64'",
    "block-influence, 'model.norm=rms model.layers=3'",
    "gradient-norm, 'model.bias=true'",
    "baseline, 'model.sequence_length=200 model.layers=3 training.batch=2'",
    "both, 'model.channels=512 model.heads=8 model.hidden=0 model.pad_vocabulary=20000'",
  })
  void aStepTakesWhatIsPlanned(String arm, String assignments) {
    ConfigBuilder builder =
        ConfigBuilder.preset("quick")
            .set("model.layers=2")
            .set("training.batch=4")
            .set("model.sequence_length=64");
    List.of(assignments.split(" ")).forEach(builder::set);
    check(builder.build().withArm(Arms.get(arm)), TOLERANCE);
  }

  /** Many tokens and few logits, so that a result of a number per token shows. */
  @ParameterizedTest
  @EnumSource(
      names = {"RHO", "NONE"},
      mode = Mode.EXCLUDE)
  void everyGainTakesWhatIsPlanned(GainConfig.Kind kind) {
    check(ofKind(kind, 0.5).build(), CLOSE);
    check(ofKind(kind, 0.5).set("gain.clamp=[]").set("gain.scope=running").build(), CLOSE);
  }

  private static ConfigBuilder ofKind(GainConfig.Kind kind, double s) {
    String name = kind.name().toLowerCase(Locale.ROOT);
    return ConfigBuilder.preset("tiny")
        .set("training.batch=64")
        .set("training.threads=2")
        .set("gain.s=" + s)
        .set("gain.renormalise=" + (kind != GainConfig.Kind.CONSTANT))
        .set("gain.kind=" + name);
  }

  @Test
  void soDoFullGradientsAndPlacebos() {
    check(ofKind(GainConfig.Kind.FOCAL, 2).set("gain.detached=false").build(), CLOSE);
    check(ofKind(GainConfig.Kind.PRECISION, 2).set("gain.shuffle=true").build(), CLOSE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"model.layers=2", "model.layers=4 model.channels=64 model.positions=rope"})
  void soDoesAReferenceModel(String shape, @TempDir Path folder) throws IOException {
    ConfigBuilder reference = ConfigBuilder.preset("tiny");
    List.of(shape.split(" ")).forEach(reference::set);
    Files.writeString(folder.resolve("config.toml"), reference.build().toToml());
    String key = "gain.reference=" + folder;
    check(ofKind(GainConfig.Kind.RHO, 0.5).set(key).build(), CLOSE);
  }

  private static void check(TrainConfig config, Percentage tolerance) {
    GptConfig gpt = config.model().gpt(VOCABULARY);
    Taken taken = take(config);
    StepPlan.Result step = StepPlan.of(config, gpt, CPU);
    MemoryPlan plan = MemoryPlan.of(config, gpt, CPU);

    assertThat(step.peak()).isCloseTo(taken.step, tolerance);
    assertThat(step.reserved()).isCloseTo(taken.stepReserved, tolerance);
    assertThat(plan.tensors()).isCloseTo(taken.stepReserved + taken.modelReserved, tolerance);
  }

  @Test
  void thePartsAreThoseOfAHandMadePlan() {
    TrainConfig config =
        ConfigBuilder.preset("quick")
            .set("model.layers=1")
            .set("training.batch=2")
            .set("model.sequence_length=64")
            .build();
    GptConfig gpt = config.model().gpt(1280);
    MemoryPlan plan = MemoryPlan.of(config, gpt, new Footing(false, DType.F32, 1));
    long n = 1280 * 128 + 64 * 128 + 12 * 128 * 128 + 3 * 128;
    assertThat(plan.weights()).isEqualTo(4 * n);
    assertThat(plan.gradients()).isEqualTo(4 * n);
    assertThat(plan.optimizer()).isEqualTo(8 * n);
    long tokens = 2 * 64;
    // embedding, + positions, norm, qkv (3), attention, out, norm, up (4), GELU (4), down, final
    // norm: in channels per token; sums take the places of out and down; most is in use when the
    // head runs backwards, and then there is one gradient of them: the final norm's
    assertThat(plan.activations())
        .isEqualTo(4 * tokens * 128 * (1 + 1 + 1 + 3 + 1 + 1 + 1 + 4 + 4 + 1 + 1 + 1));
    assertThat(plan.logits()).isEqualTo(4 * tokens * 1280);
    assertThat(plan.total()).isEqualTo(plan.tensors() + MemoryPlan.RUNTIME);
  }

  @Test
  void accumulationNeedsNoMemoryAndTheBatchDoes() {
    ConfigBuilder base = ConfigBuilder.preset("gpt2-124m");
    GptConfig gpt = base.build().model().gpt(50_257);
    MemoryPlan whole = MemoryPlan.of(base.build(), gpt, CPU);
    MemoryPlan accumulated = MemoryPlan.of(base.set("training.accumulation=1").build(), gpt, CPU);
    MemoryPlan halved = MemoryPlan.of(base.set("training.batch=4").build(), gpt, CPU);
    assertThat(accumulated).isEqualTo(whole);
    assertThat((double) halved.activations() / whole.activations()).isCloseTo(0.5, within(1e-6));
    assertThat(halved.logits() * 2).isEqualTo(whole.logits());
    assertThat(halved.weights()).isEqualTo(whole.weights());
  }
}
