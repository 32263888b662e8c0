package dev.tiebreak.trainer.lab.generate;

import dev.tiebreak.tensor.Philox;
import dev.tiebreak.trainer.base.Check;
import it.unimi.dsi.fastutil.ints.IntArrays;
import java.util.Arrays;

/** Picks a token from logits. */
public final class Sampler {
  private static final int TOKEN_BITS = 20; // Sampling.MOST_TOKENS
  private static final int SAMPLE_BITS = 20;

  /** The most completions of one prompt: each has random numbers of its own. */
  static final int MOST_SAMPLES = 1 << SAMPLE_BITS;

  private final Sampling sampling;
  private final Philox random;

  /** A sampler; equal settings pick equal tokens from equal logits. */
  public Sampler(Sampling sampling) {
    this.sampling = sampling;
    this.random = new Philox(sampling.seed(), Philox.SAMPLING);
  }

  /** Throws unless a prompt can have so many completions. */
  public static void requireSamples(int samples) {
    boolean holds = samples >= 1 && samples <= MOST_SAMPLES;
    Check.parameter(holds, "samples", samples, "from 1 to " + MOST_SAMPLES);
  }

  /**
   * Where the random number of one token stands in the stream.
   *
   * @param sample number of the completion of that prompt, below {@link #MOST_SAMPLES}
   * @param position number of the token in the completion, below {@link Sampling#MOST_TOKENS}
   */
  public static long address(int prompt, int sample, int position) {
    return ((long) prompt << (SAMPLE_BITS + TOKEN_BITS)) | ((long) sample << TOKEN_BITS) | position;
  }

  /**
   * A token.
   *
   * @param logits one per token
   * @param address which random number to use, see {@link #address}
   */
  public int pick(double[] logits, long address) {
    if (sampling.temperature() == 0) {
      return likeliest(logits);
    }
    double highest = logits[likeliest(logits)];
    double[] weights = new double[logits.length];
    double sum = 0;
    for (int i = 0; i < logits.length; i++) {
      weights[i] = Math.exp((logits[i] - highest) / sampling.temperature());
      sum += weights[i];
    }
    // All lighter ones together are less than what top-p leaves out, so they need no sorting.
    double least = sampling.topK() == 0 ? (1 - sampling.topP()) / 2 * sum / logits.length : 0;
    int[] order = byLikelihood(logits, weights, least);
    int candidates = sampling.topK() == 0 ? order.length : Math.min(sampling.topK(), order.length);
    double total = sum;
    if (candidates < logits.length && sampling.topK() != 0) {
      total = 0;
      for (int i = 0; i < candidates; i++) {
        total += weights[order[i]];
      }
    }
    double kept = 0;
    int count = 0;
    while (count < candidates && (count == 0 || kept < sampling.topP() * total)) {
      kept += weights[order[count++]];
    }
    double target = random.uniform(address) * kept;
    for (int i = 0; i < count; i++) {
      target -= weights[order[i]];
      if (target < 0) {
        return order[i];
      }
    }
    return order[count - 1]; // rounding left a little of the target
  }

  /** Among equals the smallest id. */
  private static int likeliest(double[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      if (logits[i] > logits[best]) {
        best = i;
      }
    }
    return best;
  }

  /** Token ids of at least that weight, from the likeliest down; among equals the smaller first. */
  private static int[] byLikelihood(double[] logits, double[] weights, double least) {
    int[] order = new int[logits.length];
    int count = 0;
    for (int i = 0; i < order.length; i++) {
      if (weights[i] >= least) {
        order[count++] = i;
      }
    }
    order = Arrays.copyOf(order, count);
    IntArrays.mergeSort(order, (a, b) -> Double.compare(logits[b], logits[a]));
    return order;
  }
}
