package dev.tiebreak.trainer.lab.train;

import dev.tiebreak.losses.GainDiagnostics;
import dev.tiebreak.losses.Metric;
import dev.tiebreak.losses.Prediction;
import dev.tiebreak.losses.ScalingSettings.Clip;
import dev.tiebreak.losses.ShapedLoss;
import dev.tiebreak.losses.Shaping;
import dev.tiebreak.losses.StepExtremes;
import dev.tiebreak.nn.AdamW;
import dev.tiebreak.nn.Gpt;
import dev.tiebreak.nn.GradientClip;
import dev.tiebreak.nn.LrSchedule;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Readback;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.trainer.lab.config.TrainConfig;
import dev.tiebreak.trainer.lab.data.Batches;
import dev.tiebreak.trainer.lab.data.TokenBatch;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One optimizer step, in a fixed order. If the gain compares tokens of the whole step, all
 * micro-batches run forwards for their weights first. Then for each micro-batch: what the token
 * gain prepares, forward, cross-entropy per token, the token gain, mean(weight · loss) /
 * micro-batches, backward. Then once: the layer scaling (hooks on the complete gradients), the clip
 * by the global norm after or before it, AdamW.
 *
 * <p>A step does not wait for the device, except for diagnostics. So the host learns only later
 * that a loss or a gradient was not a number; by itself such a step changes neither weights nor
 * moments, nor does any step after it.
 */
final class TrainStep {
  private final TrainConfig config;
  private final Gpt model;
  private final AdamW optimizer;
  private final Shaping shaping;
  private final LrSchedule schedule;
  private final Batches batches;
  private final Scope stepScope;
  private final TokenBatch batch;
  private final Tensor loss; // of the step, a scalar
  private final Tensor shapedLoss;
  private final GradientCosine cosine; // null if it is never asked for
  private final Tensor trouble; // 0; not a number from the first diverged step on

  TrainStep(
      TrainConfig config, Learner learner, Batches batches, Scope stepScope, TokenBatch batch) {
    this.config = config;
    this.model = learner.model();
    this.optimizer = learner.optimizer();
    this.shaping = learner.shaping();
    this.schedule = config.optimizer().lrSchedule(config.training().steps());
    this.batches = batches;
    this.stepScope = stepScope;
    this.batch = batch;
    Scope kept = batch.inputs().scope();
    DType wide = model.parameters().getFirst().master().dtype();
    loss = kept.zeros(wide);
    shapedLoss = kept.zeros(wide);
    trouble = kept.zeros(wide);
    cosine = config.logging().gradientCosineEvery() > 0 ? new GradientCosine(model, kept) : null;
  }

  /**
   * What a step did.
   *
   * @param finite false if a loss or the gradient was not a number or infinite; nothing was updated
   *     then
   * @param extremes of all its micro-batches, whether it is diagnosed or not
   */
  record Outcome(
      boolean finite,
      double loss,
      double shapedLoss,
      double learningRate,
      double gradientNorm,
      double clip,
      StepExtremes extremes,
      Map<String, Double> diagnostics) {}

  /** A step that the device may still be busy with. */
  record Pending(Readback numbers, double learningRate, Map<String, Double> diagnostics) {
    /** Waits for the step's numbers. */
    Outcome outcome() {
      double[] values = numbers.values();
      boolean finite =
          Double.isFinite(values[0]) && Double.isFinite(values[1]) && Double.isFinite(values[2]);
      return new Outcome(
          finite,
          values[0],
          values[1],
          learningRate,
          values[2],
          values[3],
          Shaping.extremes(values),
          diagnostics);
    }
  }

  /**
   * Runs one step.
   *
   * @param step from 0
   * @param diagnose whether to fill in the diagnostics, and so to wait; those of the gain are of
   *     the whole step if its weights are, else of the last micro-batch
   */
  Pending run(long step, boolean diagnose) {
    int accumulation = config.training().accumulation();
    Map<String, Double> diagnostics = new LinkedHashMap<>();
    boolean compare = diagnose && isCompared(step);
    if (compare) {
      keepPlainGradients(step);
    }
    loss.zero();
    shapedLoss.zero();
    model.clearGradients();
    shaping.begin();
    boolean whole = shaping.looksAhead(accumulation);
    if (whole) {
      lookAhead(step, diagnose, diagnostics);
    }
    for (int i = 0; i < accumulation; i++) {
      long microBatch = Math.multiplyExact(step, accumulation) + i;
      startMicroBatch(microBatch);
      shaping.prepare(batch.inputs(), batch.targets(), stepScope);
      try (Tape tape = Tape.start(stepScope)) {
        Prediction prediction =
            Prediction.of(model, batch.inputs(), batch.targets(), step, microBatch);
        ShapedLoss shaped = shaping.shape(prediction);
        addTo(loss, shaped.plain(), accumulation);
        addTo(shapedLoss, shaped.loss(), accumulation);
        if (diagnose && !whole && i == accumulation - 1) {
          diagnostics.putAll(GainDiagnostics.of(prediction.losses(), shaped).toMap());
        }
        tape.backward(shaped.loss().scale(1.0 / accumulation));
      }
    }
    try (Tape _ = Tape.inference(stepScope)) {
      return update(schedule.at(step), diagnose, compare, diagnostics);
    }
  }

  /** Runs all micro-batches forwards, with the same dropout, for the weights of their tokens. */
  private void lookAhead(long step, boolean diagnose, Map<String, Double> diagnostics) {
    int accumulation = config.training().accumulation();
    for (int i = 0; i < accumulation; i++) {
      long microBatch = Math.multiplyExact(step, accumulation) + i;
      startMicroBatch(microBatch);
      shaping.prepare(batch.inputs(), batch.targets(), stepScope);
      try (Tape _ = Tape.start(stepScope)) {
        Prediction prediction =
            Prediction.of(model, batch.inputs(), batch.targets(), step, microBatch);
        shaping.look(prediction, accumulation);
      }
    }
    try (Tape _ = Tape.inference(stepScope)) {
      ShapedLoss weighed = shaping.weigh(step);
      if (diagnose) {
        diagnostics.putAll(shaping.diagnose(weighed).toMap());
      }
    }
  }

  private boolean isCompared(long step) {
    return cosine != null && (step + 1) % config.logging().gradientCosineEvery() == 0;
  }

  /** Runs the step's micro-batches, with the same dropout, for nothing but their gradients. */
  private void keepPlainGradients(long step) {
    int accumulation = config.training().accumulation();
    model.clearGradients();
    for (int i = 0; i < accumulation; i++) {
      startMicroBatch(Math.multiplyExact(step, accumulation) + i);
      try (Tape tape = Tape.start(stepScope)) {
        Tensor losses = model.losses(batch.inputs(), batch.targets()); // (B, T)
        tape.backward(losses.mean().scale(1.0 / accumulation));
      }
    }
    cosine.keepPlain();
  }

  private void startMicroBatch(long microBatch) {
    batch.fill((inputs, targets) -> batches.fill(microBatch, inputs, targets));
    model.startMicroBatch(microBatch);
  }

  private static void addTo(Tensor mean, Tensor part, int parts) {
    mean.copyFrom(mean.add(part.detach().scale(1.0 / parts)));
  }

  private Pending update(
      double learningRate, boolean diagnose, boolean compare, Map<String, Double> diagnostics) {
    if (diagnose) {
      double norm = GradientClip.norm(model.parameters()).item();
      diagnostics.put(Metric.GRADIENT_NORM_BEFORE_SCALING, norm);
      putBlockNorms(diagnostics, Metric.GRADIENT_NORM_BEFORE_SCALING);
    }
    boolean clipsFirst = config.layerScaling().clip() == Clip.BEFORE;
    Tensor plain = clipsFirst ? GradientClip.norm(model.parameters()) : null;
    model.gradientsReady();
    double limit = config.optimizer().clip();
    Tensor norm = clipsFirst ? plain : GradientClip.norm(model.parameters());
    Tensor clip = GradientClip.coefficient(norm, limit == 0 ? Double.POSITIVE_INFINITY : limit);
    Readback numbers = shaping.readback(loss, shapedLoss, norm, clip);
    if (diagnose) {
      diagnostics.putAll(shaping.diagnostics());
      putBlockNorms(diagnostics, Metric.GRADIENT_NORM);
    }
    if (compare) {
      diagnostics.putAll(cosine.compare());
    }
    optimizer.step(learningRate, unlessInTrouble(clip));
    if (diagnose) {
      putBlockUpdates(diagnostics);
    }
    return new Pending(numbers, learningRate, diagnostics);
  }

  /** The same number; none if a loss or a gradient was none, in this step or before it. */
  private Tensor unlessInTrouble(Tensor clip) {
    Tensor numbers = loss.add(shapedLoss).add(clip); // finite only if all three are
    trouble.copyFrom(trouble.add(numbers.scale(0)));
    return clip.add(trouble);
  }

  private void putBlockNorms(Map<String, Double> diagnostics, String name) {
    for (int layer = 0; layer < model.config().layers(); layer++) {
      double norm = GradientClip.norm(model.blockParameters(layer)).item();
      diagnostics.put(Metric.block(layer, name), norm);
    }
  }

  private void putBlockUpdates(Map<String, Double> diagnostics) {
    for (int layer = 0; layer < model.config().layers(); layer++) {
      AdamW.Statistics block = optimizer.statistics(model.blockParameters(layer));
      diagnostics.put(Metric.block(layer, Metric.ROOT_V), block.rootSecondMoment());
      diagnostics.put(
          Metric.block(layer, Metric.UPDATE_TO_WEIGHT), block.updateRms() / block.weightRms());
    }
  }
}
