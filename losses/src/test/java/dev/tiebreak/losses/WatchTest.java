package dev.tiebreak.losses;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.nn.AdamW;
import dev.tiebreak.nn.Gpt;
import dev.tiebreak.tensor.CrossEntropy;
import dev.tiebreak.tensor.Readback;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The extremes of a step, whichever micro-batch they are in. */
class WatchTest {
  private final Workbench bench = new Workbench();
  private final Gpt model = bench.model(3);
  private final AdamW optimizer =
      new AdamW(model.parameters(), bench.kept(), new AdamW.Config(0.9, 0.95, 1e-8, 0));

  @AfterEach
  void close() {
    bench.close();
  }

  private Shaping shaping(ScalingSettings scaling) {
    GainSettings centred = GainSettings.pure("1 + s * (l - m)", 1);
    return Shaping.of(centred, scaling, model, optimizer, 1, null);
  }

  private void add(Shaping shaping, Tensor targets, double... losses) {
    try (Tape _ = bench.infer()) {
      shaping.shape(bench.prediction(bench.losses(losses), targets, 0));
    }
  }

  private StepExtremes read(Shaping shaping) {
    try (Tape _ = bench.infer()) {
      Readback numbers = shaping.readback(bench.scalar(17));
      assertThat(numbers.values()[0]).isEqualTo(17);
      return Shaping.extremes(numbers.values());
    }
  }

  @Test
  void theWeightFarthestFromZeroAndTheLeastVarianceOfAnyMicroBatch() {
    Shaping shaping = shaping(Workbench.UNSCALED);
    Tensor targets = bench.targets(0, 0, 0, 0);
    shaping.begin();
    add(shaping, targets, 1, 2, 3, 6); // weights -1, 0, 1, 4; variance 3.5
    add(shaping, targets, 2, 2, 3, 3); // 0.5, 0.5, 1.5, 1.5; 0.25
    add(shaping, targets, 1, 1, 1, 3); // 0.5, 0.5, 0.5, 2.5; 0.75
    assertThat(read(shaping)).isEqualTo(new StepExtremes(4, 0.25, 1));
    shaping.begin();
    add(shaping, targets, 6, 5, 4, 1); // 3, 2, 1, -2
    add(shaping, targets, 12, 12, 12, 0); // 4, 4, 4, -8; 27
    assertThat(read(shaping)).isEqualTo(new StepExtremes(-8, 3.5, 1));
  }

  @Test
  void ignoredTokensAreNotSeen() {
    Shaping shaping = shaping(Workbench.UNSCALED);
    shaping.begin();
    add(shaping, bench.targets(0, 0, CrossEntropy.IGNORE, CrossEntropy.IGNORE), 9, 11, 0, 0);
    assertThat(read(shaping)).isEqualTo(new StepExtremes(2, 1, 1)); // not 1 + 0 - 10
  }

  @Test
  void theLargestFactorOfABlock() {
    Shaping shaping =
        shaping(ScalingSettings.divergence(ScalingSettings.Target.GRADIENT, 3, false));
    Tensor tokens = bench.tokens(11, 2, 5);
    shaping.begin();
    try (Tape tape = bench.record()) {
      Prediction prediction = Prediction.of(model, tokens, tokens, 0, 0);
      tape.backward(shaping.shape(prediction).loss());
    }
    bench.gradientsReady(model);
    double[] factors =
        shaping.diagnostics().entrySet().stream()
            .filter(entry -> entry.getKey().endsWith("_f"))
            .mapToDouble(entry -> entry.getValue())
            .toArray();
    assertThat(read(shaping).factor()).isEqualTo(Arrays.stream(factors).max().orElseThrow());
  }
}
