package dev.tiebreak.losses;

import dev.tiebreak.nn.AdamW;
import dev.tiebreak.nn.BlockObserver.Quantity;
import dev.tiebreak.nn.Gpt;
import dev.tiebreak.nn.GradientClip;
import dev.tiebreak.nn.Parameter;
import dev.tiebreak.tensor.Philox;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.tensor.op.InPlace;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Scales each block by a measure d of it, relative to the mean over the blocks and capped: f =
 * min(d / mean(d), cap). Embeddings, final norm and head are left alone.
 *
 * <p>What is measured in forward passes is averaged over the micro-batches of a step; the first
 * gradient hook of the step turns the measures into factors, before any gradient is scaled.
 */
public final class BlockScaling implements LayerScaling {
  private static final double SMALLEST = 1e-30; // that is divided by
  private static final long ORDERS = 1L << 62; // where the random numbers of the orders begin
  private static final long NUMBERS_PER_STEP = 1 << 16; // one for each block

  /** What is measured of a block with input x, output y and gradient g of all its weights. */
  public enum Measure {
    /** d = ||y - x|| / ||x||: how far the block moves its input. */
    DIVERGENCE(Quantity.DIVERGENCE),
    /** d = 1 - mean over tokens of cos(x, y): how far it turns it (ShortGPT, Men et al., 2024). */
    BLOCK_INFLUENCE(Quantity.COSINE_DISTANCE),
    /**
     * d = ||g||, and f = mean(d) / d: every block's gradient gets the same norm (after GradNorm,
     * Chen et al., 2018, with blocks for tasks and no exponent).
     */
    GRADIENT_NORM(null);

    private final Quantity observed; // in forward passes; null for nothing

    Measure(Quantity observed) {
      this.observed = observed;
    }
  }

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
   * @param measure what d is
   * @param target what the factor multiplies
   * @param invert whether 1 / d takes the place of d: a placebo
   * @param shuffle whether each step deals the factors out to the blocks at random: a placebo
   * @param cap the largest factor; infinity for none
   * @param renormalise whether factors are divided by their mean after the cap
   */
  public record Settings(
      Measure measure,
      Target target,
      boolean invert,
      boolean shuffle,
      double cap,
      boolean renormalise) {
    /** Checks the ranges. */
    public Settings {
      if (!(cap > 0)) {
        throw new IllegalArgumentException("cap is " + cap + ", must be positive");
      }
    }

    /** The original's: divergence, neither inverted nor shuffled. */
    public static Settings divergence(Target target, double cap, boolean renormalise) {
      return new Settings(Measure.DIVERGENCE, target, false, false, cap, renormalise);
    }
  }

  private final Settings settings;
  private final Gpt model;
  private final AdamW optimizer;
  private final Philox random;
  private final Tensor measures; // (L): d, or its sums over micro-batches until the hooks run
  private final Tensor factors; // (L)
  private final int[] order; // block b gets factor order[b]
  private final int weights; // of all blocks: so many hooks run in a step
  private int hooksRun; // of this step
  private int microBatches; // in each sum

  BlockScaling(Gpt model, AdamW optimizer, Settings settings, long seed) {
    this.settings = settings;
    this.model = model;
    this.optimizer = optimizer;
    int layers = model.config().layers();
    random = new Philox(seed, Philox.PLACEBO);
    order = new int[layers];
    Tensor weight = model.parameters().getFirst().tensor();
    Scope kept = weight.scope();
    measures = kept.zeros(weight.dtype().wide(), layers);
    factors = kept.zeros(weight.dtype().wide(), layers);
    if (settings.measure.observed != null) {
      model.observeBlocks(settings.measure.observed, this::observe);
    }
    int count = 0;
    for (int layer = 0; layer < layers; layer++) {
      int block = layer;
      for (Parameter parameter : model.blockParameters(layer)) {
        parameter.tensor().onGradientReady(gradient -> scale(parameter, gradient, block));
        count++;
      }
    }
    weights = count;
  }

  private void observe(int layer, Tensor measure) {
    if (layer == 0) {
      if (microBatches == 0) {
        measures.zero();
      }
      microBatches++;
    }
    Tensor sum = measures.slice(0, layer, 1);
    sum.copyFrom(sum.add(measure));
  }

  private void scale(Parameter parameter, Tensor gradient, int layer) {
    if (hooksRun == 0) {
      measure();
      factors.copyFrom(factors(measures, settings));
      deal(optimizer.steps());
    }
    hooksRun = (hooksRun + 1) % weights;
    Tensor factor = factors.slice(0, order[layer], 1);
    switch (settings.target) {
      case GRADIENT -> InPlace.scale(gradient, factor);
      case UPDATE -> optimizer.scaleUpdate(parameter, factor);
    }
  }

  /** Completes d. */
  private void measure() {
    if (settings.measure.observed != null) {
      measures.copyFrom(measures.scale(1.0 / microBatches));
      microBatches = 0;
      return;
    }
    for (int layer = 0; layer < order.length; layer++) {
      Tensor norm = GradientClip.norm(model.blockParameters(layer));
      measures.slice(0, layer, 1).copyFrom(norm.reshape(1));
    }
  }

  /** Chooses which factor each block gets in a step. */
  private void deal(long step) {
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    for (int i = order.length - 1; settings.shuffle && i > 0; i--) { // Fisher and Yates
      int j = random.below(ORDERS + step * NUMBERS_PER_STEP + i, i + 1);
      int other = order[j];
      order[j] = order[i];
      order[i] = other;
    }
  }

  /** f for each block, in their own order, from d for each block (L). */
  public static Tensor factors(Tensor measures, Settings settings) {
    Tensor d = settings.invert ? inverse(measures) : measures;
    Tensor mean = d.mean();
    Tensor divisible = Select.positive(mean);
    Tensor relative = d.div(Select.orOne(divisible, mean));
    if (settings.measure == Measure.GRADIENT_NORM) {
      relative = inverse(relative);
    }
    Tensor capped = Select.orOne(divisible, relative.clamp(0, settings.cap));
    return settings.renormalise ? capped.div(capped.mean()) : capped;
  }

  /** 1 / x, finite also where x is 0. */
  private static Tensor inverse(Tensor x) {
    return x.clamp(SMALLEST, Double.MAX_VALUE).power(-1);
  }

  @Override
  public void forget() {
    microBatches = 0;
  }

  /** Waits for the numbers. */
  @Override
  public Map<String, Double> diagnostics() {
    double[] d = measures.toDoubles();
    double[] f = factors.toDoubles();
    Map<String, Double> map = new LinkedHashMap<>();
    for (int i = 0; i < f.length; i++) {
      map.put(String.format(Locale.ROOT, "block_%d_d", i), d[i]);
      map.put(String.format(Locale.ROOT, "block_%d_f", i), f[order[i]]);
    }
    return map;
  }
}
