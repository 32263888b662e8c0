package dev.tiebreak.tensor;

import static dev.tiebreak.tensor.cpu.Simd.broadcast;
import static dev.tiebreak.tensor.cpu.Simd.lanes;
import static dev.tiebreak.tensor.cpu.Simd.load;
import static dev.tiebreak.tensor.cpu.Simd.store;
import static dev.tiebreak.tensor.cpu.Simd.tail;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Loops that several operations' backward passes share. */
final class Loops {
  private static final int VECTORS_PER_BLOCK = 4; // columns that one task sums: a few cache lines
  private static final int LEAST_ROWS = 64; // that a block of a GPU sums
  private static final int MOST_SLICES = 128; // of rows: enough blocks for the largest GPUs

  private Loops() {}

  /** target = factor * source, added to what is there if {@code add}. Same number of elements. */
  static void accumulate(Tensor target, Tensor source, double factor, boolean add) {
    switch (target.backend()) {
      case CpuBackend cpu -> accumulate(cpu, target, source, factor, add);
      case CudaBackend cuda ->
          cuda.kernel(Loops.class, name("accumulate", target, source), source.dtype())
              .pointer(target.address())
              .pointer(source.address())
              .real(factor)
              .count(target.size())
              .flag(add)
              .over(target.size());
    }
  }

  private static void accumulate(
      CpuBackend cpu, Tensor target, Tensor source, double factor, boolean add) {
    if (cpu.vectorises(target.dtype())) {
      MemorySegment t = target.memory();
      MemorySegment s = source.memory();
      cpu.forElements(
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
      FloatVector value = load(source, from + j).mul(f);
      store(target, from + j, add ? load(target, from + j).add(value) : value, mask);
    }
  }

  /**
   * Sums over rows: target[j] = factor * sum over r of source[r, j], added to what is there if
   * {@code add}. The order of summation is fixed.
   */
  static void sumRows(Tensor target, Tensor source, double factor, boolean add) {
    switch (target.backend()) {
      case CpuBackend cpu -> sumRows(cpu, target, source, factor, add);
      case CudaBackend cuda -> sumRows(cuda, target, source, factor, add);
    }
  }

  private static void sumRows(
      CudaBackend cuda, Tensor target, Tensor source, double factor, boolean add) {
    int columns = Math.toIntExact(target.size());
    long rows = source.size() / columns;
    long rowsPerSlice = Math.max(LEAST_ROWS, Math.ceilDiv(rows, MOST_SLICES));
    int slices = (int) Math.ceilDiv(rows, rowsPerSlice);
    Tensor partial = source.wideResult(Shape.of(slices, columns));
    cuda.kernel(Loops.class, "sum_rows_slices", source.dtype())
        .pointer(partial.address())
        .pointer(source.address())
        .count(rows)
        .count(columns)
        .count(rowsPerSlice)
        .run(blocks(columns, source), slices, 256, 0);
    sumSlices(cuda, target, partial, source.dtype(), factor, add);
    partial.giveBack();
  }

  /**
   * The last step of a sum in two: target[j] = factor * sum over r of partial[r, j], added to what
   * is there if {@code add}.
   *
   * @param partial of {@code dtype}'s wide type
   * @param dtype the target's type unless the target is wide
   */
  static void sumSlices(
      CudaBackend cuda, Tensor target, Tensor partial, DType dtype, double factor, boolean add) {
    int columns = partial.dim(1);
    cuda.kernel(Loops.class, name("sum_rows_finish", target.dtype(), dtype), dtype)
        .pointer(target.address())
        .pointer(partial.address())
        .count(partial.dim(0))
        .count(columns)
        .real(factor)
        .flag(add)
        .run(blocks(columns, partial), 256, 0);
  }

  /** A block has a pack of 16 bytes for each of its 32 lanes. */
  private static int blocks(int columns, Tensor source) {
    return Math.ceilDiv(columns, 32 * 16 / source.dtype().bytes());
  }

  /** Of two kernels for a source's type, the one whose target is float if this one's is. */
  static String name(String kernel, Tensor target, Tensor source) {
    return name(kernel, target.dtype(), source.dtype());
  }

  private static String name(String kernel, DType target, DType source) {
    if (target == source) {
      return kernel;
    }
    Shapes.require(target == source.wide(), "%s: no kernel from %s to %s", kernel, source, target);
    return kernel + "_wide";
  }

  private static void sumRows(
      CpuBackend cpu, Tensor target, Tensor source, double factor, boolean add) {
    int columns = Math.toIntExact(target.size());
    long rows = source.size() / columns;
    if (cpu.vectorises(target.dtype())) {
      RowSlices.of(rows).sum(cpu, target, source, factor, add);
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

  /** Divides columns, in blocks of whole cache lines, over the threads. */
  static void forColumnBlocks(Tensor any, int columns, long rows, CpuBackend.Range body) {
    int block = VECTORS_PER_BLOCK * lanes();
    int blocks = (columns + block - 1) / block;
    if ((long) blocks * rows * block < 2L * 8192) {
      any.cpu().once(() -> body.run(0, columns, 0));
      return;
    }
    any.cpu()
        .forTasks(
            blocks,
            (from, to, worker) -> body.run(from * block, Math.min(columns, to * block), worker));
  }
}
