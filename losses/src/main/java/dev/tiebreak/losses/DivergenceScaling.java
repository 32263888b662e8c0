package dev.tiebreak.losses;

import dev.tiebreak.nn.AdamW;
import dev.tiebreak.nn.Gpt;
import dev.tiebreak.nn.Parameter;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.tensor.op.InPlace;
import java.util.Arrays;
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

  private static final double SMALLEST_NORM = 1e-30; // an all-zero input has divergence 0 or huge

  private final Settings settings;
  private final AdamW optimizer;
  private final double[] divergences; // sums over micro-batches until the hooks run, then means
  private final int[] observed; // micro-batches in each sum
  private double[] factors;
  private boolean pending;

  DivergenceScaling(Gpt model, AdamW optimizer, Settings settings) {
    this.settings = settings;
    this.optimizer = optimizer;
    int layers = model.config().layers();
    divergences = new double[layers];
    observed = new int[layers];
    factors = new double[layers];
    Arrays.fill(factors, 1);
    model.observeBlocks(this::observe);
    for (int layer = 0; layer < layers; layer++) {
      int block = layer;
      for (Parameter parameter : model.blockParameters(layer)) {
        parameter.tensor().onGradientReady(gradient -> scale(parameter, gradient, block));
      }
    }
  }

  private void observe(int layer, Tensor input, Tensor output) {
    if (!pending) { // the first block of a new step
      Arrays.fill(divergences, 0);
      Arrays.fill(observed, 0);
      pending = true;
    }
    divergences[layer] += divergence(input, output);
    observed[layer]++;
  }

  private void scale(Parameter parameter, Tensor gradient, int layer) {
    if (pending) {
      for (int i = 0; i < divergences.length; i++) {
        divergences[i] /= observed[i];
      }
      factors = factors(divergences, settings);
      pending = false;
    }
    switch (settings.target) {
      case GRADIENT -> InPlace.scale(gradient, factors[layer]);
      case UPDATE -> optimizer.scaleUpdate(parameter, factors[layer]);
    }
  }

  /** d of a block that turned {@code input} into {@code output}, of any but equal shapes. */
  public static double divergence(Tensor input, Tensor output) {
    Tensor x = input.detach();
    double change = output.detach().sub(x).norm().item();
    return change / Math.max(x.norm().item(), SMALLEST_NORM);
  }

  /** f for each block from d for each block. */
  public static double[] factors(double[] divergences, Settings settings) {
    double mean = Arrays.stream(divergences).average().orElseThrow();
    double[] factors = new double[divergences.length];
    for (int i = 0; i < factors.length; i++) {
      factors[i] = mean == 0 ? 1 : Math.min(divergences[i] / mean, settings.cap);
    }
    if (settings.renormalise) {
      double capped = Arrays.stream(factors).average().orElseThrow();
      for (int i = 0; i < factors.length; i++) {
        factors[i] /= capped;
      }
    }
    return factors;
  }

  @Override
  public Map<String, Double> diagnostics() {
    Map<String, Double> map = new LinkedHashMap<>();
    for (int i = 0; i < factors.length; i++) {
      map.put("block_%d_d".formatted(i), divergences[i]);
      map.put("block_%d_f".formatted(i), factors[i]);
    }
    return map;
  }
}
