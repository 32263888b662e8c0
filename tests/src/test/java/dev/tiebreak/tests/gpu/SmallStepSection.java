package dev.tiebreak.tests.gpu;

import dev.tiebreak.tensor.CudaBackend;
import dev.tiebreak.tensor.Readback;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.attention.AttentionChoice;
import dev.tiebreak.trainer.lab.config.Arms;
import dev.tiebreak.trainer.lab.config.ConfigBuilder;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import java.util.Locale;

/**
 * Two steps of small models through all of our kernels, for a tool that looks at every access: each
 * tensor has an allocation of its own, and attention is ours.
 */
final class SmallStepSection implements Section {
  private static final int VOCABULARY = 250;

  @Override
  public void run(Lab lab, Report report) {
    for (String preset : new String[] {"gpt2-124m", "1.2b"}) {
      for (String precision : new String[] {"f32", "bf16"}) {
        TrainConfig config =
            ConfigBuilder.preset(preset)
                .set("model.layers=1")
                .set("model.heads=2")
                .set("model.kv_heads=" + (preset.equals("1.2b") ? 1 : 2))
                .set("model.channels=32")
                .set("model.hidden=96")
                .set("model.sequence_length=24")
                .set("model.dropout=0.1")
                .set("training.batch=2")
                .set("training.precision=" + precision)
                .build()
                .withArm(Arms.get("both"));
        CudaBackend.Options options =
            new CudaBackend.Options(AttentionChoice.OWN.asOption(), true, false);
        try (CudaBackend cuda = CudaBackend.open(0, options);
            Scope step = cuda.newScope("step");
            RandomTraining training = RandomTraining.of(cuda, config, step, VOCABULARY)) {
          training.run(0);
          Readback loss = training.run(1);
          double value = loss.values()[0];
          report.check(
              String.format(Locale.ROOT, "loss of %s, %s", preset, precision),
              Math.abs(value - Math.log(VOCABULARY)) < 0.5,
              String.valueOf(value));
        }
      }
    }
  }
}
