package dev.tiebreak.trainer.lab;

import dev.tiebreak.nn.Gpt;
import dev.tiebreak.nn.GptConfig;
import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.DType;

/** Models that take no memory, to count their weights. */
public final class DryModel {
  private DryModel() {}

  public static Gpt of(GptConfig config) {
    return new Gpt(config, DType.F32, CpuBackend.dry(1).newScope("weights"), 1);
  }
}
