package dev.tiebreak.trainer.estimate;

import dev.tiebreak.tensor.Scope;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts what a {@link Scope} would take from the operating system for the same allocations in the
 * same order: blocks of at least 8 MB that are filled one after the other, where the end of a block
 * stays empty if the next tensor does not fit.
 */
final class PlannedScope {
  private final List<Long> blocks = new ArrayList<>();
  private int block;
  private long used; // of the current block
  private long inUse;

  /** Takes memory for a tensor; returns the bytes that the tensor itself needs. */
  long allocate(long bytes) {
    long aligned = Math.ceilDiv(bytes + Scope.SLACK, Scope.ALIGNMENT) * Scope.ALIGNMENT;
    while (block < blocks.size() && used + aligned > blocks.get(block)) {
      block++;
      used = 0;
    }
    if (block == blocks.size()) {
      blocks.add(Math.max(aligned, Scope.SMALLEST_BLOCK));
    }
    used += aligned;
    inUse += aligned;
    return bytes;
  }

  /** Makes everything free again; the blocks stay. */
  void reset() {
    block = 0;
    used = 0;
    inUse = 0;
  }

  /** Bytes in use, with what rounding adds. */
  long inUse() {
    return inUse;
  }

  /** Bytes of all blocks. */
  long reserved() {
    return blocks.stream().mapToLong(Long::longValue).sum();
  }
}
