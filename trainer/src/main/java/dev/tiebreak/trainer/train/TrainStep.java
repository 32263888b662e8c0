package dev.tiebreak.trainer.train;

import dev.tiebreak.losses.GainDiagnostics;
import dev.tiebreak.losses.LayerScaling;
import dev.tiebreak.losses.ShapedLoss;
import dev.tiebreak.losses.TokenGain;
import dev.tiebreak.nn.AdamW;
import dev.tiebreak.nn.Gpt;
import dev.tiebreak.nn.GradientClip;
import dev.tiebreak.nn.LrSchedule;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tape;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.trainer.config.TrainConfig;
import dev.tiebreak.trainer.data.Batches;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One optimizer step, in a fixed order. For each micro-batch: forward, cross-entropy per token, the
 * token gain, mean(weight · loss) / micro-batches, backward. Then once: the layer scaling (hooks on
 * the complete gradients), the clip by the global norm, AdamW. Scale, then clip.
 */
final class TrainStep {
  private final TrainConfig config;
  private final Gpt model;
  private final AdamW optimizer;
  private final TokenGain gain;
  private final LayerScaling scaling;
  private final LrSchedule schedule;
  private final Batches batches;
  private final Scope stepScope;
  private final Tensor tokens; // (B, T)
  private final Tensor targets; // (B, T)

  TrainStep(
      TrainConfig config,
      Learner learner,
      Batches batches,
      Scope stepScope,
      Tensor tokens,
      Tensor targets) {
    this.config = config;
    this.model = learner.model();
    this.optimizer = learner.optimizer();
    this.gain = learner.gain();
    this.scaling = config.layerScaling().attach(model, optimizer);
    this.schedule = config.optimizer().lrSchedule(config.training().steps());
    this.batches = batches;
    this.stepScope = stepScope;
    this.tokens = tokens;
    this.targets = targets;
  }

  /**
   * What a step did.
   *
   * @param finite false if a loss or the gradient was not a number or infinite; nothing was updated
   *     then
   */
  record Outcome(
      boolean finite,
      double loss,
      double shapedLoss,
      double learningRate,
      double gradientNorm,
      double clip,
      Map<String, Double> diagnostics) {}

  /**
   * Runs one step.
   *
   * @param step from 0
   * @param diagnose whether to fill in the diagnostics; those of the gain are of the last
   *     micro-batch
   */
  Outcome run(long step, boolean diagnose) {
    int accumulation = config.training().accumulation();
    Map<String, Double> diagnostics = new LinkedHashMap<>();
    double learningRate = schedule.at(step);
    double loss = 0;
    double shapedLoss = 0;
    model.clearGradients();
    for (int i = 0; i < accumulation; i++) {
      long microBatch = Math.multiplyExact(step, accumulation) + i;
      batches.fill(microBatch, tokens.data(), targets.data());
      model.startMicroBatch(microBatch);
      try (Tape tape = Tape.start(stepScope)) {
        Tensor losses = model.losses(tokens, targets); // (B, T)
        ShapedLoss shaped = gain.shape(losses, targets, step);
        loss += shaped.plain().item() / accumulation;
        shapedLoss += shaped.loss().item() / accumulation;
        if (!Double.isFinite(loss) || !Double.isFinite(shapedLoss)) {
          return new Outcome(false, loss, shapedLoss, learningRate, Double.NaN, 1, diagnostics);
        }
        if (diagnose && i == accumulation - 1) {
          diagnostics.putAll(GainDiagnostics.of(losses, shaped).toMap());
        }
        tape.backward(shaped.loss().scale(1.0 / accumulation));
      }
    }
    return update(loss, shapedLoss, learningRate, diagnose, diagnostics);
  }

  private Outcome update(
      double loss,
      double shapedLoss,
      double learningRate,
      boolean diagnose,
      Map<String, Double> diagnostics) {
    if (diagnose) {
      diagnostics.put("gradient_norm_before_scaling", GradientClip.norm(model.parameters()));
      putBlockNorms(diagnostics, "gradient_norm_before_scaling");
    }
    model.gradientsReady();
    double norm = GradientClip.norm(model.parameters());
    if (!Double.isFinite(norm)) {
      return new Outcome(false, loss, shapedLoss, learningRate, norm, 1, diagnostics);
    }
    double limit = config.optimizer().clip();
    double clip = limit == 0 ? 1 : GradientClip.coefficient(norm, limit);
    if (diagnose) {
      diagnostics.putAll(scaling.diagnostics());
      putBlockNorms(diagnostics, "gradient_norm");
    }
    optimizer.step(learningRate, clip);
    if (diagnose) {
      putBlockUpdates(diagnostics, learningRate);
    }
    return new Outcome(true, loss, shapedLoss, learningRate, norm, clip, diagnostics);
  }

  private void putBlockNorms(Map<String, Double> diagnostics, String name) {
    for (int layer = 0; layer < model.config().layers(); layer++) {
      double norm = GradientClip.norm(model.blockParameters(layer));
      diagnostics.put("block_%d_%s".formatted(layer, name), norm);
    }
  }

  private void putBlockUpdates(Map<String, Double> diagnostics, double learningRate) {
    for (int layer = 0; layer < model.config().layers(); layer++) {
      AdamW.Statistics block = optimizer.statistics(model.blockParameters(layer), learningRate);
      diagnostics.put("block_%d_root_v".formatted(layer), block.rootSecondMoment());
      diagnostics.put(
          "block_%d_update_to_weight".formatted(layer), block.updateRms() / block.weightRms());
    }
  }
}
