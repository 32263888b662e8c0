package dev.tiebreak.tensor.op;

import static dev.tiebreak.tensor.CpuBackend.at;

import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.KvCache;
import dev.tiebreak.tensor.Shape;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.tensor.cpu.Gemv;
import dev.tiebreak.tensor.op.Attention.Layout;
import java.lang.foreign.MemorySegment;

/**
 * {@link Attention} of one new position per sequence against a cache, in float32 on the CPU: a head
 * reads each of its keys and values once. The definition is {@link AttentionCpu#cached}.
 */
final class AttentionDecode {
  private AttentionDecode() {}

  /** Writes y (B, 1, H D); the cache has the keys and values of x too, at {@code position}. */
  static void forward(Tensor y, Tensor logSumExp, Tensor x, KvCache cache, Layout l, int position) {
    CpuBackend cpu = x.cpu();
    int visible = position + 1;
    int stride = l.kvHeads() * l.size();
    long scratchSize = Math.ceilDiv(visible, 16) * 16L; // threads write different cache lines
    Tensor scratch = x.result(Shape.of(cpu.threads(), Math.toIntExact(scratchSize)));
    cpu.forRows(
        (long) l.batch() * l.heads(),
        (long) visible * l.size(),
        (from, to, worker) -> {
          MemorySegment scores = at(scratch.memory(), worker * scratchSize, DType.F32);
          for (long task = from; task < to; task++) {
            int b = (int) (task / l.heads());
            int h = (int) (task % l.heads());
            long sequence = (long) b * cache.capacity() * stride;
            long head = sequence + (long) (h / l.group()) * l.size();
            MemorySegment query =
                at(x.memory(), (long) b * l.width() + (long) h * l.size(), DType.F32);
            MemorySegment keys = at(cache.keys().memory(), head, DType.F32);
            float scale = (float) l.scale();
            Gemv.dots(
                query, 1, l.width(), keys, l.size(), stride, scale, scores, visible, 0, visible);
            AttentionRows.softmax(scores, logSumExp, task, 1, visible, true, DType.F32);
            MemorySegment values = cache.values().memory();
            long out = task * l.size();
            Gemv.weightedSum(scores, visible, values, head, stride, y.memory(), out, l.size());
          }
        });
  }
}
