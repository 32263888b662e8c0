package dev.tiebreak.tensor;

import static dev.tiebreak.tensor.cpu.Simd.broadcast;
import static dev.tiebreak.tensor.cpu.Simd.lanes;
import static dev.tiebreak.tensor.cpu.Simd.load;
import static dev.tiebreak.tensor.cpu.Simd.store;
import static dev.tiebreak.tensor.cpu.Simd.tail;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Sums over the rows of a float32 matrix on the CPU in two steps: each slice of rows is summed on
 * its own, one row behind the other as they lie in memory, then the sums of the slices. Where a
 * slice ends depends on the number of rows alone, so the bits do not depend on the threads.
 *
 * @param rows of the matrix
 * @param count of slices
 */
record RowSlices(long rows, int count) {
  private static final int LEAST_ROWS = 64; // of a slice
  private static final int MOST_SLICES = 16;
  private static final int ROWS_AT_ONCE = 4; // so that a sum is read and written for four rows

  static RowSlices of(long rows) {
    return new RowSlices(rows, Math.clamp(rows / LEAST_ROWS, 1, MOST_SLICES));
  }

  /** What is done with one slice. */
  @FunctionalInterface
  interface Body {
    void run(int slice, long from, long to);
  }

  /** Runs {@code body} for each slice, divided over the threads. */
  void run(CpuBackend cpu, Body body) {
    cpu.forTasks(
        count,
        (from, to, worker) -> {
          for (long slice = from; slice < to; slice++) {
            body.run((int) slice, slice * rows / count, (slice + 1) * rows / count);
          }
        });
  }

  /** Memory for the sum of each slice: (count, columns) zeros, to be given back. */
  Tensor partial(Tensor like, int columns) {
    Tensor partial = like.result(Shape.of(count, columns));
    partial.zero();
    return partial;
  }

  /** target[j] = factor * sum over r of source[r, j], added to what is there if {@code add}. */
  void sum(CpuBackend cpu, Tensor target, Tensor source, double factor, boolean add) {
    int columns = Math.toIntExact(target.size());
    Tensor partial = partial(source, columns);
    MemorySegment sums = partial.memory();
    MemorySegment from = source.memory();
    run(cpu, (slice, first, end) -> sumRows(sums, slice * columns, from, first, end, columns));
    finish(cpu, target, partial, factor, add);
  }

  private static void sumRows(
      MemorySegment sums, int start, MemorySegment source, long first, long end, int columns) {
    long r = first;
    for (; r + ROWS_AT_ONCE <= end; r += ROWS_AT_ONCE) {
      addFourRows(sums, start, source, r * columns, columns);
    }
    for (; r < end; r++) {
      addRow(sums, start, source, r * columns, columns);
    }
  }

  private static void addFourRows(
      MemorySegment sums, int start, MemorySegment source, long row, int columns) {
    for (int j = 0; j < columns; j += lanes()) {
      VectorMask<Float> mask = tail(j, columns);
      FloatVector first = load(source, row + j).add(load(source, row + columns + j));
      FloatVector second =
          load(source, row + 2L * columns + j).add(load(source, row + 3L * columns + j));
      store(sums, start + j, load(sums, start + j).add(first.add(second)), mask);
    }
  }

  /** sums[j] += source[row + j]. */
  static void addRow(MemorySegment sums, int start, MemorySegment source, long row, int columns) {
    for (int j = 0; j < columns; j += lanes()) {
      VectorMask<Float> mask = tail(j, columns);
      store(sums, start + j, load(sums, start + j).add(load(source, row + j)), mask);
    }
  }

  /** The second step: target[j] = factor * sum over slices, and gives {@code partial} back. */
  void finish(CpuBackend cpu, Tensor target, Tensor partial, double factor, boolean add) {
    int columns = Math.toIntExact(target.size());
    MemorySegment to = target.memory();
    MemorySegment from = partial.memory();
    cpu.once(() -> addSlices(to, from, columns, (float) factor, add));
    partial.giveBack();
  }

  private void addSlices(
      MemorySegment to, MemorySegment from, int columns, float factor, boolean add) {
    FloatVector scale = broadcast(factor);
    for (int j = 0; j < columns; j += lanes()) {
      VectorMask<Float> mask = tail(j, columns);
      FloatVector sum = broadcast(0);
      for (int slice = 0; slice < count; slice++) {
        sum = sum.add(load(from, (long) slice * columns + j));
      }
      sum = sum.mul(scale);
      store(to, j, add ? load(to, j).add(sum) : sum, mask);
    }
  }
}
