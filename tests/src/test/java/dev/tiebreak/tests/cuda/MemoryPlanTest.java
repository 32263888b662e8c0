package dev.tiebreak.tests.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.losses.ShapedLoss;
import dev.tiebreak.nn.AdamW;
import dev.tiebreak.nn.Gpt;
import dev.tiebreak.nn.GptConfig;
import dev.tiebreak.tensor.CudaBackend;
import dev.tiebreak.tensor.CudaBackend.AttentionChoice;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.trainer.config.Arm;
import dev.tiebreak.trainer.config.ConfigBuilder;
import dev.tiebreak.trainer.config.TrainConfig;
import dev.tiebreak.trainer.estimate.Estimate;
import dev.tiebreak.trainer.estimate.Footing;
import dev.tiebreak.trainer.estimate.MemoryPlan;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The plan of a training on a GPU against what its tensors take there. */
@NeedsSimulatedCuda
class MemoryPlanTest {
  private static final int VOCABULARY = 999;
  private static final int BATCH = 2;
  private static final int LENGTH = 128;
  private static final String LLAMA =
      "model.positions=rope model.norm=rms model.activation=swiglu model.tied_head=false";
  private static final Percentage TOLERANCE = Percentage.withPercentage(1);

  @ParameterizedTest
  @CsvSource({"BASELINE, f32, true", "BOTH, bf16, true", "BOTH, bf16, false"})
  void aStepTakesWhatIsPlanned(Arm arm, String precision, boolean llama) {
    ConfigBuilder builder =
        ConfigBuilder.preset("quick")
            .set("model.layers=2")
            .set("model.channels=128")
            .set("model.heads=4")
            .set("model.sequence_length=" + LENGTH)
            .set("training.batch=" + BATCH)
            .set("training.precision=" + precision);
    for (String assignment : llama ? LLAMA.split(" ") : new String[0]) {
      builder.set(assignment);
    }
    TrainConfig config = builder.build().withArm(arm);
    MemoryPlan plan = Estimate.of(config, VOCABULARY, Footing.of(config, true)).memory();

    SimulatedCuda.install();
    CudaBackend.Options options = new CudaBackend.Options(AttentionChoice.OWN, false, false);
    try (CudaBackend cuda = CudaBackend.open(0, options);
        Scope kept = cuda.newScope("model");
        Scope step = cuda.newScope("step")) {
      run(config, kept, step);
      assertThat(step.peakBytes())
          .isCloseTo(plan.activations() + plan.logits() + plan.workspace(), TOLERANCE);
      assertThat(kept.peakBytes())
          .isCloseTo(plan.weights() + plan.gradients() + plan.optimizer(), TOLERANCE);
    }
    assertThat(SimulatedCuda.report()).isEmpty();
  }

  private static void run(TrainConfig config, Scope kept, Scope step) {
    GptConfig gpt = config.model().gpt(VOCABULARY);
    Gpt model = new Gpt(gpt, config.training().precision().dtype(), kept, 1);
    AdamW optimizer = new AdamW(model.parameters(), kept, config.optimizer().adamW());
    Tensor tokens = kept.zeros(DType.I32, BATCH, LENGTH);
    config.layerScaling().attach(model, optimizer);
    model.startMicroBatch(0);
    try (Tape tape = Tape.start(step)) {
      Tensor losses = model.losses(tokens, tokens);
      ShapedLoss shaped = config.gain().tokenGain(kept).shape(losses, tokens, 0);
      tape.backward(shaped.loss().scale(1));
    }
  }
}
