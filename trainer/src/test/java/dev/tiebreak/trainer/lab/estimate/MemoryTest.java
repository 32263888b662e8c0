package dev.tiebreak.trainer.lab.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.trainer.lab.config.ConfigBuilder;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.device.Device;
import dev.tiebreak.trainer.lab.train.Rehearsal;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The parts of the memory; that they are what a training takes is tested for Rehearsal. */
class MemoryTest {
  private static final Device CPU = Device.cpu();
  private static final Device GPU = Device.of("cuda");

  private static Memory of(TrainConfig config, int vocabulary, Device device) {
    return Estimate.of(config, vocabulary, device).memory();
  }

  @Test
  void thePartsAreThoseOfAHandMadePlan() {
    TrainConfig config =
        ConfigBuilder.preset("quick")
            .set("model.layers=1")
            .set("training.batch=2")
            .set("training.threads=1")
            .set("model.sequence_length=64")
            .set("logging.gradient_cosine_every=0")
            .build();
    Memory memory = of(config, 1280, CPU);
    long n = 1280 * 128 + 64 * 128 + 12 * 128 * 128 + 3 * 128;
    assertThat(memory.weights()).isEqualTo(4 * n);
    assertThat(memory.gradients()).isEqualTo(4 * n);
    assertThat(memory.optimizer()).isEqualTo(8 * n);
    long tokens = 2 * 64;
    assertThat(memory.logits()).isEqualTo(4 * tokens * 1280);
    // embedding, + positions, norm, qkv (3), attention, out, norm, up (4), GELU (4), down, final
    // norm: in channels per token; sums take the places of out and down; most is in use when the
    // head runs backwards, and then there is one gradient of them: the final norm's
    long channels = 4 * tokens * 128 * (1 + 1 + 1 + 3 + 1 + 1 + 1 + 4 + 4 + 1 + 1 + 1);
    long perToken = 4 * tokens * (3 * 2 + 2 + 4); // norms, heads, and losses with their gradients
    assertThat(memory.activations()).isBetween(channels, channels + 2 * perToken + (200 << 10));
    assertThat(memory.total()).isEqualTo(memory.tensors() + Memory.RUNTIME);
    try (CpuBackend dry = CpuBackend.dry(1)) {
      Rehearsal run = Rehearsal.of(config, 1280, dry);
      assertThat(memory.activations() + memory.logits()).isEqualTo(run.steps().used());
      assertThat(memory.tensors()).isEqualTo(run.kept().plus(run.steps()).reserved());
    }
  }

  @Test
  void accumulationNeedsNoMemoryAndTheBatchDoes() {
    ConfigBuilder base = ConfigBuilder.preset("gpt2-124m");
    Memory whole = of(base.build(), 50_257, CPU);
    Memory accumulated = of(base.set("training.accumulation=1").build(), 50_257, CPU);
    Memory halved = of(base.set("training.batch=4").build(), 50_257, CPU);
    assertThat(accumulated).isEqualTo(whole);
    assertThat((double) halved.activations() / whole.activations()).isBetween(0.5, 0.502);
    assertThat(halved.logits() * 2).isEqualTo(whole.logits());
    assertThat(halved.weights()).isEqualTo(whole.weights());
  }

  @Test
  void aGpuKeepsMastersBehindBf16Weights() {
    TrainConfig config = ConfigBuilder.preset("1.2b").build();
    long n = 1_198_090_240L;
    Memory cpu = of(config, 50_257, CPU);
    Memory gpu = of(config, 50_257, GPU);
    assertThat(cpu.weights()).isEqualTo(4 * n);
    assertThat(gpu.weights()).isEqualTo(6 * n);
    assertThat(gpu.gradients()).isEqualTo(4 * n).isEqualTo(cpu.gradients());
    assertThat(gpu.logits() * 2).isEqualTo(cpu.logits());
    assertThat(gpu.total()).isEqualTo(gpu.tensors() + Memory.GPU_RUNTIME);
  }

  /** It takes seconds; the limit is for a machine that is busy. */
  @Test
  @Timeout(value = 100, unit = TimeUnit.SECONDS)
  void whatNoMachineHasIsCountedToo() {
    TrainConfig config =
        ConfigBuilder.preset("tiny")
            .set("model.layers=10000")
            .set("model.channels=1048576")
            .build();
    assertThat(of(config, 256, CPU).total()).isGreaterThan(2_000_000_000_000_000_000L);
  }
}
