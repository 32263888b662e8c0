package dev.tiebreak.tests.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.losses.Prediction;
import dev.tiebreak.losses.ShapedLoss;
import dev.tiebreak.losses.TokenGain;
import dev.tiebreak.nn.AdamW;
import dev.tiebreak.nn.Gpt;
import dev.tiebreak.nn.GptConfig;
import dev.tiebreak.tensor.CudaBackend;
import dev.tiebreak.tensor.CudaBackend.AttentionChoice;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.trainer.lab.config.Arms;
import dev.tiebreak.trainer.lab.config.ConfigBuilder;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.estimate.Estimate;
import dev.tiebreak.trainer.lab.estimate.Footing;
import dev.tiebreak.trainer.lab.estimate.MemoryPlan;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a training step takes of a GPU's memory is what was planned. */
@NeedsSimulatedCuda
class GpuMemoryPlanTest {
  private static final int VOCABULARY = 999;
  private static final CudaBackend.Options OPTIONS =
      new CudaBackend.Options(AttentionChoice.OWN, false, false);

  @ParameterizedTest
  @CsvSource({
    "F32, baseline, 'model.bias=true'",
    "BF16, baseline, 'model.bias=true model.dropout=0.1'",
    "F32, both, 'model.positions=rope model.norm=rms model.activation=swiglu'",
    "F32, block-influence, 'model.norm=layer'",
    "BF16, both, 'model.positions=rope model.norm=rms model.activation=swiglu'",
  })
  void aStepTakesWhatIsPlanned(DType dtype, String arm, String assignments) {
    ConfigBuilder builder =
        ConfigBuilder.preset("quick")
            .set("model.layers=2")
            .set("training.batch=4")
            .set("model.sequence_length=64");
    List.of(assignments.split(" ")).forEach(builder::set);
    TrainConfig config = builder.build().withArm(Arms.get(arm));
    GptConfig gpt = config.model().gpt(VOCABULARY);
    MemoryPlan plan = Estimate.of(config, VOCABULARY, new Footing(true, dtype, 1)).memory();
    long planned = plan.activations() + plan.logits() + plan.workspace();
    assertThat(planned).isCloseTo(taken(config, gpt, dtype), Percentage.withPercentage(1));
  }

  /** The most that was in use at once in the step scope, in bytes. */
  private static long taken(TrainConfig config, GptConfig gpt, DType dtype) {
    SimulatedCuda.install();
    try (CudaBackend cuda = CudaBackend.open(0, OPTIONS);
        Scope model = cuda.newScope("model");
        Scope step = cuda.newScope("step")) {
      Gpt network = new Gpt(gpt, dtype, model, 1);
      AdamW optimizer = new AdamW(network.parameters(), model, config.optimizer().adamW());
      int batch = config.training().batch();
      Tensor tokens = model.zeros(DType.I32, batch, gpt.sequenceLength());
      Tensor targets = model.zeros(DType.I32, batch, gpt.sequenceLength());
      TokenGain gain = config.gain().tokenGain(model, 1, null);
      config.layerScaling().attach(network, optimizer, 1);
      network.startMicroBatch(0);
      try (Tape tape = Tape.start(step)) {
        ShapedLoss shaped = gain.shape(Prediction.of(network, tokens, targets, 0, 0));
        tape.backward(shaped.loss().scale(1));
      }
      cuda.synchronize();
      assertThat(SimulatedCuda.report()).isEmpty();
      return step.peakBytes();
    }
  }
}
