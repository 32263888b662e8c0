package dev.tiebreak.nn;

import dev.tiebreak.tensor.Philox;
import dev.tiebreak.tensor.Tensor;

/**
 * Gives every dropout of a forward pass numbers of its own, by position in the pass and by number
 * of the micro-batch, so a resumed run drops the same elements. Drops only while the tape records:
 * evaluation and generation see the whole network.
 */
final class DropoutSites {
  private static final int MICRO_BATCH_SHIFT = 40; // room for 10^12 elements in one pass

  private final double probability;
  private final Philox random;
  private long next;

  DropoutSites(double probability, long seed) {
    this.probability = probability;
    this.random = new Philox(seed, Philox.DROPOUT);
  }

  /** Starts the pass of a micro-batch. */
  void start(long microBatch) {
    next = microBatch << MICRO_BATCH_SHIFT;
  }

  Tensor apply(Tensor x) {
    if (probability == 0 || !x.backend().tape().isRecording()) {
      return x;
    }
    long offset = next;
    next += x.size();
    return x.dropout(probability, random, offset);
  }
}
