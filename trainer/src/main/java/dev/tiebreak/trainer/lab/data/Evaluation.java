package dev.tiebreak.trainer.lab.data;

import dev.tiebreak.trainer.base.Check;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * A fixed set of batches to measure a model by. Its windows are spread evenly over the whole part,
 * from its first token to its last, and do not overlap unless the part is too short for one batch;
 * they depend on nothing but the sizes.
 */
public final class Evaluation {
  private final Windows windows;
  private final int batches;

  /**
   * @param windows the part to take them from
   * @param batches how many at most; never more than the part fills, but at least one
   */
  Evaluation(Windows windows, int batches) {
    Check.argument(batches >= 1, "at least one evaluation batch is needed, got %d", batches);
    long full = (windows.length() - 1) / windows.sequence() / windows.batch();
    this.windows = windows;
    this.batches = Math.clamp(full, 1, batches);
  }

  public int batches() {
    return batches;
  }

  /** Sequences in a batch, B. */
  public int batch() {
    return windows.batch();
  }

  /** Tokens in a sequence, T. */
  public int sequence() {
    return windows.sequence();
  }

  /** How many predictions they measure in all. */
  public long tokens() {
    return (long) batches * windows.batch() * windows.sequence();
  }

  /**
   * Where a window begins, in tokens from the start of its part.
   *
   * @param window in [0, batches · B)
   */
  long offset(long window) {
    long last = (long) batches * windows.batch() - 1;
    return last == 0 ? 0 : window * (windows.offsets() - 1) / last;
  }

  /**
   * Fills one batch.
   *
   * @param batch in [0, batches)
   * @param inputs int32 (B, T): token ids
   * @param targets int32 (B, T): for each input the token after it
   */
  public void fill(int batch, MemorySegment inputs, MemorySegment targets) {
    Objects.checkIndex(batch, batches);
    for (int row = 0; row < windows.batch(); row++) {
      windows.copy(offset((long) batch * windows.batch() + row), row, inputs, targets);
    }
  }
}
