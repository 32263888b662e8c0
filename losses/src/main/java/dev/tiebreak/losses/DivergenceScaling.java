package dev.tiebreak.losses;

import dev.tiebreak.nn.AdamW;
import dev.tiebreak.nn.Gpt;
import dev.tiebreak.nn.Parameter;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.tensor.op.InPlace;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Scales each block by its divergence d = ||y - x|| / ||x||, normalised to mean 1 over the blocks
 * and capped: f = min(d / mean(d), cap). Embeddings, final norm and head are left alone.
 *
 * <p>Each micro-batch's forward pass adds to d; the first gradient hook of the step turns the
 * averages into factors.
 */
public final class DivergenceScaling implements LayerScaling {
  /** What the factor multiplies. */
  public enum Target {
    /** The gradients of the block's weights. Adam divides a constant factor out again. */
    GRADIENT,
    /** The updates of the block's weights: a learning rate per block. */
    UPDATE
  }

  /**
   * The constants.
   *
   * @param target what the factor multiplies
   * @param cap the largest factor; infinity for none
   * @param renormalise whether factors are divided by their mean after the cap
   */
  public record Settings(Target target, double cap, boolean renormalise) {
    /** Checks the ranges. */
    public Settings {
      if (!(cap > 0)) {
        throw new IllegalArgumentException("cap is " + cap + ", must be positive");
      }
    }
  }

  private final Settings settings;
  private final AdamW optimizer;
  private final Tensor divergences; // (L): sums over micro-batches until the hooks run, then means
  private final Tensor factors; // (L)
  private int microBatches; // in each sum
  private boolean pending;

  DivergenceScaling(Gpt model, AdamW optimizer, Settings settings) {
    this.settings = settings;
    this.optimizer = optimizer;
    int layers = model.config().layers();
    Tensor weight = model.parameters().getFirst().tensor();
    Scope kept = weight.scope();
    divergences = kept.zeros(weight.dtype().wide(), layers);
    factors = kept.zeros(weight.dtype().wide(), layers);
    model.observeBlocks(this::observe);
    for (int layer = 0; layer < layers; layer++) {
      int block = layer;
      for (Parameter parameter : model.blockParameters(layer)) {
        parameter.tensor().onGradientReady(gradient -> scale(parameter, gradient, block));
      }
    }
  }

  private void observe(int layer, Tensor divergence) {
    if (!pending) { // the first block of a new step
      divergences.zero();
      microBatches = 0;
      pending = true;
    }
    Tensor sum = divergences.slice(0, layer, 1);
    sum.copyFrom(sum.add(divergence));
    microBatches += layer == 0 ? 1 : 0;
  }

  private void scale(Parameter parameter, Tensor gradient, int layer) {
    if (pending) {
      divergences.copyFrom(divergences.scale(1.0 / microBatches));
      factors.copyFrom(factors(divergences, settings));
      pending = false;
    }
    Tensor factor = factors.slice(0, layer, 1);
    switch (settings.target) {
      case GRADIENT -> InPlace.scale(gradient, factor);
      case UPDATE -> optimizer.scaleUpdate(parameter, factor);
    }
  }

  /** f for each block from d for each block (L). */
  public static Tensor factors(Tensor divergences, Settings settings) {
    Tensor mean = divergences.mean();
    Tensor divisible = Select.positive(mean);
    Tensor relative = divergences.div(Select.orOne(divisible, mean));
    Tensor capped = Select.orOne(divisible, relative.clamp(0, settings.cap));
    return settings.renormalise ? capped.div(capped.mean()) : capped;
  }

  /** Waits for the numbers. */
  @Override
  public Map<String, Double> diagnostics() {
    double[] d = divergences.toDoubles();
    double[] f = factors.toDoubles();
    Map<String, Double> map = new LinkedHashMap<>();
    for (int i = 0; i < f.length; i++) {
      map.put("block_%d_d".formatted(i), d[i]);
      map.put("block_%d_f".formatted(i), f[i]);
    }
    return map;
  }
}
