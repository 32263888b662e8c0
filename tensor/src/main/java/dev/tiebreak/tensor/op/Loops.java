package dev.tiebreak.tensor.op;

import static dev.tiebreak.tensor.cpu.Simd.broadcast;
import static dev.tiebreak.tensor.cpu.Simd.lanes;
import static dev.tiebreak.tensor.cpu.Simd.load;
import static dev.tiebreak.tensor.cpu.Simd.store;
import static dev.tiebreak.tensor.cpu.Simd.tail;

import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Loops that several operations' backward passes share. */
final class Loops {
  private static final int VECTORS_PER_BLOCK = 4; // columns that one task sums: a few cache lines

  private Loops() {}

  /** target = factor * source, added to what is there if {@code add}. Same number of elements. */
  static void accumulate(Tensor target, Tensor source, double factor, boolean add) {
    if (target.cpu().vectorises(target.dtype())) {
      MemorySegment t = target.memory();
      MemorySegment s = source.memory();
      target
          .cpu()
          .forElements(
              target.size(), (from, to, worker) -> accumulate(t, s, (float) factor, add, from, to));
    } else {
      for (long i = 0; i < target.size(); i++) {
        target.put(i, factor * source.get(i), add);
      }
    }
  }

  private static void accumulate(
      MemorySegment target, MemorySegment source, float factor, boolean add, long from, long to) {
    FloatVector f = broadcast(factor);
    int n = Math.toIntExact(to - from);
    for (int j = 0; j < n; j += lanes()) {
      VectorMask<Float> mask = tail(j, n);
      FloatVector value = load(source, from + j, mask).mul(f);
      store(target, from + j, add ? load(target, from + j, mask).add(value) : value, mask);
    }
  }

  /**
   * Sums over rows: target[j] = factor * sum over r of source[r, j], added to what is there if
   * {@code add}. Each thread owns whole columns, so the order of summation is fixed.
   */
  static void sumRows(Tensor target, Tensor source, double factor, boolean add) {
    int columns = Math.toIntExact(target.size());
    long rows = source.size() / columns;
    if (target.cpu().vectorises(target.dtype())) {
      MemorySegment t = target.memory();
      MemorySegment s = source.memory();
      forColumnBlocks(
          target,
          columns,
          rows,
          (from, to, worker) -> sumRows(t, s, rows, columns, (float) factor, add, from, to));
    } else {
      for (int j = 0; j < columns; j++) {
        double sum = 0;
        for (long r = 0; r < rows; r++) {
          sum += source.get(r * columns + j);
        }
        target.put(j, factor * sum, add);
      }
    }
  }

  private static void sumRows(
      MemorySegment target,
      MemorySegment source,
      long rows,
      int columns,
      float factor,
      boolean add,
      long from,
      long to) {
    for (int j = (int) from; j < to; j += lanes()) {
      VectorMask<Float> mask = tail(j, to);
      FloatVector sum = broadcast(0);
      for (int r = 0; r < rows; r++) {
        sum = sum.add(load(source, (long) r * columns + j, mask));
      }
      sum = sum.mul(broadcast(factor));
      store(target, j, add ? load(target, j, mask).add(sum) : sum, mask);
    }
  }

  /** Divides columns, in blocks of whole cache lines, over the threads. */
  static void forColumnBlocks(Tensor any, int columns, long rows, CpuBackend.Range body) {
    int block = VECTORS_PER_BLOCK * lanes();
    int blocks = (columns + block - 1) / block;
    if ((long) blocks * rows * block < 2L * 8192) {
      body.run(0, columns, 0);
      return;
    }
    any.cpu()
        .forTasks(
            blocks,
            (from, to, worker) -> body.run(from * block, Math.min(columns, to * block), worker));
  }
}
