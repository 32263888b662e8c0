package dev.tiebreak.trainer.lab.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiebreak.losses.Metric;
import dev.tiebreak.losses.Shaping;
import dev.tiebreak.nn.AdamW;
import dev.tiebreak.nn.Gpt;
import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.data.Batches;
import dev.tiebreak.trainer.lab.data.Dataset;
import dev.tiebreak.trainer.lab.data.TokenBatch;
import java.nio.file.Path;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainStepTest {
  @TempDir Path folder;

  private final CpuBackend backend = CpuBackend.create(2);
  private final Scope modelScope = backend.newScope("model");
  private final Scope stepScope = backend.newScope("step");

  @AfterEach
  void close() {
    stepScope.close();
    modelScope.close();
    backend.close();
  }

  private Learner learner(TrainConfig config) {
    Gpt model = new Gpt(config.model().gpt(256), DType.F32, modelScope, 1);
    AdamW optimizer = new AdamW(model.parameters(), modelScope, config.optimizer().adamW());
    Shaping shaping = Shaping.of(config.gain(), config.layerScaling(), model, optimizer, 1, null);
    return new Learner(model, optimizer, shaping);
  }

  private TrainStep step(TrainConfig config, Learner learner, Batches batches) {
    return new TrainStep(config, learner, batches, stepScope, tokens(config));
  }

  private TokenBatch tokens(TrainConfig config) {
    return new TokenBatch(modelScope, config.training().batch(), config.model().sequenceLength());
  }

  private static Batches batches(TrainConfig config, Dataset data) {
    return new Batches(data, config.training().batch(), config.model().sequenceLength(), 1);
  }

  @Test
  void memoryDoesNotGrowAfterTheFirstStep() {
    TrainConfig config = Runs.config("both");
    try (Dataset data = Runs.data(folder)) {
      Batches batches = batches(config, data);
      Learner learner = learner(config);
      TrainStep step = step(config, learner, batches);
      Evaluator evaluator =
          new Evaluator(learner.model(), batches.evaluation(2), stepScope, tokens(config));
      step.run(0, true);
      long model = modelScope.peakBytes();
      long activations = stepScope.peakBytes();
      long reserved = modelScope.reservedBytes() + stepScope.reservedBytes();
      for (int i = 1; i < 20; i++) {
        step.run(i, i % 3 == 0);
        evaluator.loss();
      }
      assertThat(modelScope.peakBytes()).isEqualTo(model);
      assertThat(stepScope.peakBytes()).isEqualTo(activations);
      assertThat(modelScope.reservedBytes() + stepScope.reservedBytes()).isEqualTo(reserved);
    }
  }

  @Test
  void twoMicroBatchesGiveTheGradientOfOneTwiceTheirSize() {
    TrainConfig whole =
        Runs.config("baseline", "training.batch=4", "training.accumulation=1", "model.dropout=0");
    TrainConfig halves =
        Runs.config("baseline", "training.batch=2", "training.accumulation=2", "model.dropout=0");
    try (Dataset data = Runs.data(folder)) {
      TrainStep.Outcome one =
          step(whole, learner(whole), batches(whole, data)).run(0, true).outcome();
      TrainStep.Outcome two =
          step(halves, learner(halves), batches(halves, data)).run(0, true).outcome();
      assertThat(two.loss()).isCloseTo(one.loss(), Offset.offset(1e-6));
      assertThat(two.gradientNorm()).isCloseTo(one.gradientNorm(), Offset.offset(1e-6));
      assertThat(one.gradientNorm()).isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gain", "power", "term", "shuffled-gain", "top-k", "excess-surprisal"})
  void aGainOverTheWholeStepIsTheSameHoweverTheStepIsDivided(String arm) {
    double[] expected = null;
    try (Dataset data = Runs.data(folder)) {
      for (int parts : new int[] {1, 2, 4}) {
        TrainConfig config =
            Runs.config(
                arm,
                "gain.scope=step",
                "gain.warmup=0",
                "gain.floor=0.01",
                "model.dropout=0",
                "training.batch=" + 4 / parts,
                "training.accumulation=" + parts);
        TrainStep.Outcome step =
            step(config, learner(config), batches(config, data)).run(0, true).outcome();
        double[] numbers = {
          step.loss(),
          step.shapedLoss(),
          step.gradientNorm(),
          step.extremes().weight(),
          step.extremes().variance(),
          step.diagnostics().get(Metric.WEIGHT_SD)
        };
        expected = expected == null ? numbers : expected;
        assertThat(numbers).containsExactly(expected, Offset.offset(2e-5));
        assertThat(step.diagnostics().get(Metric.WEIGHT_SD)).isPositive();
      }
    }
  }

  @Test
  void theClipBringsTheGradientDownToItsLimit() {
    TrainConfig config = Runs.config("baseline", "optimizer.clip=0.01");
    TrainConfig unlimited = Runs.config("baseline", "optimizer.clip=0");
    try (Dataset data = Runs.data(folder)) {
      TrainStep.Outcome clipped =
          step(config, learner(config), batches(config, data)).run(0, true).outcome();
      assertThat(clipped.clip() * clipped.gradientNorm()).isCloseTo(0.01, Offset.offset(1e-7));
      TrainStep.Outcome free =
          step(unlimited, learner(unlimited), batches(unlimited, data)).run(0, true).outcome();
      assertThat(free.clip()).isEqualTo(1);
      assertThat(free.gradientNorm()).isEqualTo(clipped.gradientNorm());
    }
  }

  @Test
  void theClipMayComeBeforeTheScaling() {
    try (Dataset data = Runs.data(folder)) {
      double plain = norm("baseline", data);
      assertThat(norm("divergence-clip-first", data)).isEqualTo(plain);
      assertThat(norm("divergence", data)).isNotEqualTo(plain);
    }
  }

  private double norm(String arm, Dataset data) {
    TrainConfig config = Runs.config(arm);
    return step(config, learner(config), batches(config, data))
        .run(0, false)
        .outcome()
        .gradientNorm();
  }

  @Test
  void afterAStepWhoseLossIsNoNumberNothingChangesAnyMore() {
    TrainConfig config = Runs.config("both", "gain.scope=micro");
    try (Dataset data = Runs.data(folder)) {
      Learner learner = learner(config);
      TrainStep step = step(config, learner, batches(config, data));
      assertThat(step.run(0, false).outcome().finite()).isTrue();
      Tensor embedding = learner.model().parameters().getFirst().tensor();
      double[] whole = embedding.toDoubles();
      embedding.set(Runs.TEXT.charAt(0) * 16L, Double.NaN);
      double[] before = state(learner);
      TrainStep.Outcome diverged = step.run(1, false).outcome();
      assertThat(diverged.finite()).isFalse();
      assertThat(diverged.loss()).isNaN();
      assertThat(state(learner)).isEqualTo(before);

      embedding.set(Runs.TEXT.charAt(0) * 16L, whole[Runs.TEXT.charAt(0) * 16]);
      before = state(learner);
      assertThat(step.run(2, false).outcome().finite()).isTrue();
      assertThat(state(learner)).isEqualTo(before);
    }
  }

  /** All weights and moments. */
  private static double[] state(Learner learner) {
    return learner.model().parameters().stream()
        .flatMap(p ->
            Stream.of(
                p.tensor(),
                learner.optimizer().firstMoment(p),
                learner.optimizer().secondMoment(p)))
        .flatMapToDouble(tensor -> DoubleStream.of(tensor.toDoubles()))
        .toArray();
  }
}
