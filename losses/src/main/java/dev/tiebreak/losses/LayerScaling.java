package dev.tiebreak.losses;

import dev.tiebreak.losses.ScalingSettings.Measure;
import dev.tiebreak.nn.AdamW;
import dev.tiebreak.nn.Gpt;
import dev.tiebreak.nn.GradientClip;
import dev.tiebreak.nn.Parameter;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Philox;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Scales each block by a measure d of it, relative to the mean over the blocks and capped: f =
 * min(c d, cap), with c = 1 / mean(d) or, where factors are renormalised, with the c that makes
 * their mean 1. Embeddings, final norm and head are left alone.
 *
 * <p>What is measured in forward passes is averaged over the micro-batches of a step. Once all
 * gradients of a step are complete the model calls: measures become factors, and those multiply.
 */
public final class LayerScaling {
  private static final double SMALLEST = 1e-30; // that is divided by
  private static final double LEAST = 1e-12; // f, so that blocks that rest can take up a cut
  private static final long ORDERS = 1L << 62; // where the random numbers of the orders begin
  private static final long NUMBERS_PER_STEP = 1 << 16; // one for each block

  private final ScalingSettings settings;
  private final Gpt model;
  private final AdamW optimizer;
  private final Philox random;
  private final Tensor measures; // (L): d, or its sums over micro-batches; null without a scaling
  private final Tensor factors; // (L)
  private final int[] order; // block b gets factor order[b]
  private int microBatches; // in each sum

  /**
   * Attaches a scaling to a model and its optimizer.
   *
   * @param seed decides the order of shuffled factors
   */
  public LayerScaling(Gpt model, AdamW optimizer, ScalingSettings settings, long seed) {
    this.settings = settings;
    this.model = model;
    this.optimizer = optimizer;
    random = new Philox(seed, Philox.PLACEBO);
    int layers = settings.isNone() ? 0 : model.config().layers();
    order = new int[layers];
    if (settings.isNone()) {
      measures = null;
      factors = null;
      return;
    }
    Tensor weight = model.parameters().getFirst().tensor();
    Scope kept = weight.scope();
    measures = kept.zeros(weight.dtype().wide(), layers);
    factors = kept.zeros(weight.dtype().wide(), layers);
    if (settings.kind().observed() != null) {
      model.observeBlocks(settings.kind().observed(), this::observe);
    }
    model.onGradientsReady(this::scale);
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

  private void scale() {
    measure();
    factors.copyFrom(factors(measures, settings));
    deal(settings.fixed() ? 0 : optimizer.steps());
    for (int layer = 0; layer < order.length; layer++) {
      scale(model.blockParameters(layer), factors.slice(0, order[layer], 1));
    }
  }

  private void scale(List<Parameter> block, Tensor factor) {
    for (Parameter parameter : block) {
      if (parameter.tensor().hasGradient()) {
        switch (settings.target()) {
          case GRADIENT -> parameter.tensor().gradient().scaleInPlace(factor);
          case UPDATE -> optimizer.scaleUpdate(parameter, factor);
        }
      }
    }
  }

  /** Completes d. */
  private void measure() {
    if (settings.kind().observed() != null) {
      if (microBatches == 0) {
        throw new IllegalStateException("no forward pass was recorded since the last step");
      }
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
    for (int i = order.length - 1; settings.shuffle() && i > 0; i--) { // Fisher and Yates
      int choices = settings.fixed() ? i : i + 1; // Sattolo's: no block keeps its own
      int j = random.below(ORDERS + step * NUMBERS_PER_STEP + i, choices);
      int other = order[j];
      order[j] = order[i];
      order[i] = other;
    }
  }

  /** f for each block, in their own order, from d for each block (L). */
  public static Tensor factors(Tensor measures, ScalingSettings settings) {
    Tensor d = settings.invert() ? inverse(measures) : measures;
    Tensor mean = d.mean();
    Tensor divisible = Select.positive(mean);
    Tensor relative = d.div(Select.orOne(divisible, mean));
    if (settings.kind() == Measure.GRADIENT_NORM) {
      relative = inverse(relative);
    }
    double least = settings.renormalise() ? LEAST : 0;
    Tensor capped = Select.orOne(divisible, relative.clamp(least, settings.cap()));
    return settings.renormalise() ? filled(capped.div(capped.mean()), settings.cap()) : capped;
  }

  /**
   * Brings factors of mean 1 below the cap: what is above is cut and what that takes from the mean
   * is given to the others, in proportion, until none is above. Each round cuts one more, or none.
   */
  private static Tensor filled(Tensor factors, double limit) {
    double cap = factors.dtype() == DType.F32 ? (float) limit : limit; // that elements can equal
    int blocks = Math.toIntExact(factors.size());
    Tensor f = factors;
    for (int rounds = (int) (blocks / cap) + 1; cap < blocks && rounds > 0; rounds--) {
      Tensor free = Select.positive(f.affine(-1, cap)); // 1 below the cap, 0 from there on
      Tensor cut = free.sum().affine(-1, blocks); // how many are not
      Tensor below = f.mul(free);
      Tensor grown = below.sum().clamp(SMALLEST, Double.MAX_VALUE).power(-1);
      Tensor growth = Select.orOne(cut.clamp(0, 1), cut.affine(-cap, blocks).mul(grown));
      f = below.mul(growth).add(free.affine(-cap, cap)).clamp(0, cap);
    }
    return f;
  }

  /** 1 / x, finite also where x is 0. */
  private static Tensor inverse(Tensor x) {
    return x.clamp(SMALLEST, Double.MAX_VALUE).power(-1);
  }

  /** Leaves out what forward passes have told since the last step: they were of no step. */
  void forget() {
    microBatches = 0;
  }

  /** The factors of the last step (L); null without a scaling. */
  Tensor factors() {
    return factors;
  }

  /** Name and value pairs about the last step: {@code d} and {@code f} of each block. Waits. */
  public Map<String, Double> diagnostics() {
    Map<String, Double> map = new LinkedHashMap<>();
    if (!settings.isNone()) {
      double[] d = measures.toDoubles();
      double[] f = factors.toDoubles();
      for (int i = 0; i < f.length; i++) {
        map.put(Metric.block(i, Metric.DIVERGENCE), d[i]);
        map.put(Metric.block(i, Metric.FACTOR), f[order[i]]);
      }
    }
    return map;
  }
}
