package dev.tiebreak.tensor.attention;

import dev.tiebreak.tensor.cpu.FloatRows;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The online softmax of a block of queries of one head: each row's maximum and sum so far, over the
 * blocks of keys that came by.
 *
 * @param scores of the block of keys at hand, row by row
 * @param running a maximum for each row, then a sum for each row
 * @param out what the queries have attended to so far, in rows of {@code size}, {@code stride}
 *     elements from one to the next
 */
record OnlineRows(
    MemorySegment scores,
    MemorySegment running,
    MemorySegment out,
    int rows,
    int size,
    int stride) {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  /** No maximum and no sum yet. */
  void start() {
    for (int i = 0; i < rows; i++) {
      running.setAtIndex(FLOAT, i, Float.NEGATIVE_INFINITY);
      running.setAtIndex(FLOAT, rows + i, 0);
    }
  }

  /**
   * Turns the first {@code visible} scores of a row of {@code columns} into e^(score - max), the
   * others into 0, where max is the largest of this row so far. Where that has grown, the row's sum
   * and output are brought down to it.
   */
  void take(int row, int visible, int columns) {
    long start = (long) row * columns;
    if (visible > 0) {
      float before = running.getAtIndex(FLOAT, row);
      float sum = running.getAtIndex(FLOAT, rows + row);
      float max = Math.max(before, FloatRows.maximum(scores, start, visible));
      if (sum > 0 && max > before) {
        float factor = (float) Math.exp(before - max);
        FloatRows.scale(out, (long) row * stride, size, factor);
        sum *= factor;
      }
      sum += FloatRows.exponentials(scores, scores, start, visible, max);
      running.setAtIndex(FLOAT, row, max);
      running.setAtIndex(FLOAT, rows + row, sum);
    }
    FloatRows.clear(scores, start + visible, start + columns);
  }

  /** Divides a row of the output by its sum; returns the row's log-sum-exp. */
  double finish(int row) {
    float sum = running.getAtIndex(FLOAT, rows + row);
    FloatRows.scale(out, (long) row * stride, size, 1 / sum);
    return running.getAtIndex(FLOAT, row) + Math.log(sum);
  }
}
