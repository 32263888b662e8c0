package dev.tiebreak.tests.gpu;

import dev.tiebreak.tensor.CudaBackend;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.trainer.lab.config.Arms;
import dev.tiebreak.trainer.lab.config.ConfigBuilder;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import java.util.Locale;

/**
 * The same configuration twice gives the same bytes, with either kind of model, number format and
 * arm; another seed gives others.
 */
final class TwinsSection implements Section {
  private static final int VOCABULARY = 1000;

  @Override
  public void run(Lab lab, Report report) {
    for (boolean llama : new boolean[] {false, true}) {
      for (String precision : new String[] {"f32", "bf16"}) {
        for (String arm : new String[] {"baseline", "both"}) {
          String name =
              String.format(Locale.ROOT, "%s, %s, %s", llama ? "Llama" : "GPT-2", precision, arm);
          String first = hash(lab, llama, precision, arm, 1);
          String second = hash(lab, llama, precision, arm, 1);
          report.check("twins: " + name, first.equals(second), first + " and " + second);
          if (arm.equals("baseline")) {
            String other = hash(lab, llama, precision, arm, 2);
            report.check("another seed: " + name, !first.equals(other), other);
          }
        }
      }
    }
  }

  /** Each with a GPU, scopes and plans of its own. */
  private static String hash(Lab lab, boolean llama, String precision, String arm, int seed) {
    TrainConfig config = config(lab, llama, precision, seed).withArm(Arms.get(arm));
    try (CudaBackend cuda = lab.open();
        Scope step = cuda.newScope("step");
        RandomTraining training = RandomTraining.of(cuda, config, step, VOCABULARY)) {
      for (int i = 0; i < lab.size(20, 2); i++) {
        training.run(i);
      }
      return training.hash();
    }
  }

  private static TrainConfig config(Lab lab, boolean llama, String precision, int seed) {
    ConfigBuilder builder =
        ConfigBuilder.preset(llama ? "1.2b" : "gpt2-124m")
            .set("model.layers=" + lab.size(2, 1))
            .set("model.heads=4")
            .set("model.channels=" + lab.size(256, 16))
            .set("model.hidden=" + lab.size(768, 32))
            .set("model.sequence_length=" + lab.size(256, 8))
            .set("training.batch=" + lab.size(8, 1))
            .set("training.precision=" + precision)
            .set("training.seed=" + seed);
    return (llama ? builder.set("model.kv_heads=2") : builder).build();
  }
}
