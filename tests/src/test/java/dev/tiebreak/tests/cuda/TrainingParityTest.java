package dev.tiebreak.tests.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tiebreak.bindings.cuda.CudaException;
import dev.tiebreak.nn.Gpt;
import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.attention.AttentionChoice;
import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.lab.config.Arms;
import dev.tiebreak.trainer.lab.config.ConfigBuilder;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.data.Holdout;
import dev.tiebreak.trainer.lab.data.TextSource;
import dev.tiebreak.trainer.lab.device.Device;
import dev.tiebreak.trainer.lab.tokenizer.TokenizerSpec;
import dev.tiebreak.trainer.lab.train.HeldRun;
import dev.tiebreak.trainer.lab.train.StepMetrics;
import dev.tiebreak.trainer.lab.train.TrainListener;
import dev.tiebreak.trainer.lab.train.TrainResult;
import dev.tiebreak.trainer.lab.train.Trainer;
import dev.tiebreak.trainer.lab.train.WeightsHash;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole trainings on the GPU against the same ones on the CPU. */
@NeedsSimulatedCuda
class TrainingParityTest {
  private static final String TEXT =
      "It was the best of times, it was the worst of times, it was the age of wisdom. ".repeat(40);
  private static final int STEPS = 15; // as few as lower the loss by half a nat
  private static final int INVALID_VALUE = 1;
  private static final int LAUNCH_FAILED = 719;
  private static final Device GPU = new Device(Optional.of(0), AttentionChoice.OWN.asOption());
  private static final String GPT2 = "model.positions=learned";
  private static final String LLAMA =
      "model.positions=rope model.norm=rms model.activation=swiglu model.kv_heads=1"
          + " model.tied_head=false model.bias=false";

  @TempDir Path folder;

  private Dataset data;

  @BeforeEach
  void prepare() {
    SimulatedCuda.install();
    data =
        Dataset.prepare(
            TextSource.ofText("text", TEXT),
            TokenizerSpec.parse("bytes"),
            new Holdout.End(0.9),
            folder.resolve("cache"),
            status -> {});
  }

  @AfterEach
  void everythingIsGivenBack() {
    data.close();
    assertThat(SimulatedCuda.report()).isEmpty();
    assertThat(SimulatedCuda.leaks()).isEmpty();
  }

  private static TrainConfig config(String arm, int steps, String assignments) {
    ConfigBuilder builder = ConfigBuilder.preset("tiny");
    String usual =
        "model.channels=16 model.sequence_length=16 training.batch=2 training.threads=2"
            + " optimizer.warmup=2 gain.warmup=2 gain.scope=running evaluation.every="
            + steps
            + " evaluation.batches=1 checkpoint.every=0 logging.every=1 training.steps="
            + steps;
    for (String assignment : (usual + " " + assignments).split(" ")) {
      builder.set(assignment);
    }
    return builder.build().withArm(Arms.get(arm));
  }

  private TrainResult train(
      TrainConfig config, Device device, String run, Consumer<StepMetrics> listener) {
    return train(config, device, run, HeldRun.Mode.NEW, listener, Integer.MAX_VALUE);
  }

  private TrainResult train(
      TrainConfig config,
      Device device,
      String run,
      HeldRun.Mode mode,
      Consumer<StepMetrics> listener,
      long stopAfter) {
    AtomicReference<Trainer> trainer = new AtomicReference<>();
    TrainListener both =
        new TrainListener() {
          @Override
          public void stepped(StepMetrics metrics, boolean logged) {
            listener.accept(metrics);
            if (metrics.step() >= stopAfter) {
              trainer.get().requestStop();
            }
          }
        };
    try (HeldRun opened = HeldRun.open(folder.resolve(run), mode)) {
      trainer.set(new Trainer(config, data, opened, device, both));
      return trainer.get().run();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "baseline, GPT2, f32, 1e-4",
    "both, GPT2, f32, 1e-4",
    "both, LLAMA, f32, 1e-4",
    "block-influence, LLAMA, f32, 1e-4",
    "gradient-norm, GPT2, f32, 1e-4",
    "both, LLAMA, bf16, 1e-2",
    "gain, GPT2, bf16, 1e-2"
  })
  void everyLossIsThatOfTheCpu(String arm, String style, String precision, double tolerance) {
    String shape = style.equals("LLAMA") ? LLAMA : GPT2 + " model.dropout=0.1";
    String more =
        shape
            + " training.accumulation=2 layer_scaling.target=update logging.gradient_cosine_every=5";
    List<StepMetrics> expected = new ArrayList<>();
    List<StepMetrics> actual = new ArrayList<>();
    TrainResult onCpu = train(config(arm, STEPS, more), Device.cpu(), "cpu", expected::add);
    TrainConfig config = config(arm, STEPS, more + " training.precision=" + precision);
    TrainResult onGpu = train(config, GPU, "gpu", actual::add);

    assertThat(onGpu.manifest().initialWeightsHash())
        .isEqualTo(onCpu.manifest().initialWeightsHash());
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      StepMetrics e = expected.get(i);
      StepMetrics a = actual.get(i);
      assertThat(a.loss()).isCloseTo(e.loss(), within(tolerance * e.loss()));
      assertThat(a.shapedLoss()).isCloseTo(e.shapedLoss(), within(tolerance * e.loss()));
      assertThat(a.gradientNorm())
          .isCloseTo(e.gradientNorm(), within(10 * tolerance * e.gradientNorm()));
      assertThat(a.diagnostics()).containsOnlyKeys(e.diagnostics().keySet());
    }
    double last = onCpu.summary().valLoss();
    assertThat(onGpu.summary().valLoss()).isCloseTo(last, within(tolerance * last));
    assertThat(last).isLessThan(onCpu.curve().getFirst().loss() - 0.5);
  }

  @Test
  void aStepReadsEightNumbersAndNoMoreAndTakesNoMemory() {
    int numbers = 8; // two losses, norm and clip, and the four that abort limits are about
    List<Long> allocations = new ArrayList<>();
    TrainConfig config = config("both", 12, LLAMA + " logging.every=100");
    assertThatThrownBy(() ->
            train(
                config,
                GPU,
                "run",
                metrics -> {
                  allocations.add(SimulatedCuda.allocations());
                  if (metrics.step() == 4) { // the 5th is queued; the 12th is logged and reads more
                    SimulatedCuda.fail("cuMemcpyDtoHAsync_v2", INVALID_VALUE, numbers * (11 - 5));
                  }
                }))
        .isInstanceOf(CudaException.class)
        .hasMessageContaining("cuMemcpyDtoHAsync");
    assertThat(allocations).as("the 11th is heard of after the 12th").hasSize(10);
    assertThat(allocations.subList(3, 10)).containsOnly(allocations.get(3));
  }

  @Test
  void aCheckpointOfAMixedTrainingHoldsTheMastersAndGoesOnToTheSameWeights() {
    TrainConfig config = config("both", 6, LLAMA + " training.precision=bf16");
    TrainResult whole = train(config, GPU, "whole", metrics -> {});
    TrainResult stopped = train(config, GPU, "parts", HeldRun.Mode.NEW, metrics -> {}, 3);
    try (CpuBackend cpu = CpuBackend.create(1);
        Scope scope = cpu.newScope("model")) {
      Gpt model = new Gpt(config.model().gpt(data.manifest().vocabulary()), DType.F32, scope, 9);
      stopped.checkpoint().readWeights(model.parameters());
      assertThat(WeightsHash.of(model.parameters())).isEqualTo(stopped.summary().weightsHash());
    }
    TrainResult resumed =
        train(config, GPU, "parts", HeldRun.Mode.RESUME, metrics -> {}, Integer.MAX_VALUE);
    assertThat(resumed.complete()).isTrue();
    assertThat(resumed.summary().weightsHash()).isEqualTo(whole.summary().weightsHash());
    assertThat(resumed.summary().valLoss()).isEqualTo(whole.summary().valLoss());
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void aCheckpointGoesFromOneDeviceToTheOther(boolean fromGpu) {
    TrainConfig config = config("both", 8, LLAMA);
    Device first = fromGpu ? GPU : Device.cpu();
    Device second = fromGpu ? Device.cpu() : GPU;
    TrainResult whole = train(config, first, "whole", metrics -> {});
    train(config, first, "moved", HeldRun.Mode.NEW, metrics -> {}, 4);
    TrainResult moved =
        train(config, second, "moved", HeldRun.Mode.RESUME, metrics -> {}, Integer.MAX_VALUE);
    assertThat(moved.complete()).isTrue();
    assertThat(moved.summary().valLoss()).isCloseTo(whole.summary().valLoss(), within(1e-4));
  }

  @Test
  void outOfMemoryInAStepIsOneLineThatSaysWhatToDo() {
    SimulatedCuda.limitMemory(SimulatedCuda.memoryUsed() + (300L << 20)); // weights, but no step
    TrainConfig config = config("baseline", 4, LLAMA);
    assertThatThrownBy(() -> train(config, GPU, "run", metrics -> {}))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("out of GPU memory: scope 'step' holds 0 MB")
        .hasMessageContaining("use a smaller batch");
  }

  @Test
  void aKernelThatFailsInAStepIsNamed() {
    SimulatedCuda.fail("cuLaunchKernel", LAUNCH_FAILED, 500);
    TrainConfig config = config("baseline", 20, LLAMA);
    assertThatThrownBy(() -> train(config, GPU, "run", metrics -> {}))
        .isInstanceOf(CudaException.class)
        .hasMessageMatching("cuLaunchKernel of [a-z_0-9]+ failed with .*719.*");
  }
}
