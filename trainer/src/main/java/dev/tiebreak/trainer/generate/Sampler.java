package dev.tiebreak.trainer.generate;

import dev.tiebreak.tensor.Philox;
import it.unimi.dsi.fastutil.ints.IntArrays;

/** Picks a token from logits. */
public final class Sampler {
  private static final int TOKEN_BITS = 20; // Sampling.MOST_TOKENS
  private static final int SAMPLE_BITS = 20;

  /** The most completions of one prompt: each has random numbers of its own. */
  public static final int MOST_SAMPLES = 1 << SAMPLE_BITS;

  private final Sampling sampling;
  private final Philox random;

  /** A sampler; equal settings pick equal tokens from equal logits. */
  public Sampler(Sampling sampling) {
    this.sampling = sampling;
    this.random = new Philox(sampling.seed(), Philox.SAMPLING);
  }

  /**
   * Where the random number of one token stands in the stream.
   *
   * @param prompt number of the prompt
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
    int[] order = byLikelihood(logits);
    if (sampling.temperature() == 0) {
      return order[0];
    }
    int candidates = sampling.topK() == 0 ? order.length : Math.min(sampling.topK(), order.length);
    double[] weights = new double[candidates];
    double total = 0;
    for (int i = 0; i < candidates; i++) {
      weights[i] = Math.exp((logits[order[i]] - logits[order[0]]) / sampling.temperature());
      total += weights[i];
    }
    double kept = 0;
    int count = 0;
    while (count < candidates && (count == 0 || kept < sampling.topP() * total)) {
      kept += weights[count++];
    }
    double target = random.uniform(address) * kept;
    for (int i = 0; i < count; i++) {
      target -= weights[i];
      if (target < 0) {
        return order[i];
      }
    }
    return order[count - 1]; // rounding left a little of the target
  }

  /** Token ids from the likeliest down; among equals the smaller id first. */
  private static int[] byLikelihood(double[] logits) {
    int[] order = new int[logits.length];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    IntArrays.mergeSort(order, (a, b) -> Double.compare(logits[b], logits[a]));
    return order;
  }
}
