package dev.tiebreak.tensor.attention;

import static dev.tiebreak.tensor.cpu.Simd.broadcast;
import static dev.tiebreak.tensor.cpu.Simd.exp;
import static dev.tiebreak.tensor.cpu.Simd.lanes;
import static dev.tiebreak.tensor.cpu.Simd.load;
import static dev.tiebreak.tensor.cpu.Simd.store;
import static dev.tiebreak.tensor.cpu.Simd.tail;

import dev.tiebreak.tensor.cpu.FloatRows;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The scores of a block of queries of one head on the way back.
 *
 * @param p scores, which become probabilities P
 * @param dp dP, which becomes dS = P (dP - rowsum(dO O))
 * @param o the queries' results, in rows of {@code size}, {@code stride} elements from one to the
 *     next; dOut likewise
 */
record BackwardRows(
    MemorySegment p, MemorySegment dp, MemorySegment o, MemorySegment dOut, int size, int stride) {

  /** Turns a row of {@code columns} keys, of which the query may look at {@code visible}. */
  void turn(int row, int visible, int columns, float logSumExp) {
    long start = (long) row * columns;
    FloatVector shift = broadcast(logSumExp);
    FloatVector delta = broadcast(FloatRows.dot(o, dOut, (long) row * stride, size));
    for (int j = 0; j < visible; j += lanes()) {
      VectorMask<Float> mask = tail(j, visible);
      FloatVector probability = exp(load(p, start + j).sub(shift));
      store(p, start + j, probability, mask);
      store(dp, start + j, load(dp, start + j).sub(delta).mul(probability), mask);
    }
    FloatRows.clear(p, start + visible, start + columns);
    FloatRows.clear(dp, start + visible, start + columns);
  }
}
