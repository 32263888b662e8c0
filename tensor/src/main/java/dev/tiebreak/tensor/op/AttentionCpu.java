package dev.tiebreak.tensor.op;

import static dev.tiebreak.tensor.CpuBackend.at;

import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.KvCache;
import dev.tiebreak.tensor.Matmul;
import dev.tiebreak.tensor.Shape;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.tensor.op.Attention.Layout;
import java.lang.foreign.MemorySegment;

/**
 * {@link Attention} on the CPU: matrix products of one block of queries after the other. A block
 * multiplies only the keys it may see, which saves almost half of the work.
 */
final class AttentionCpu {
  private static final int QUERIES_PER_BLOCK = 64;

  private AttentionCpu() {}

  /**
   * Where keys and values lie: in the packed rows themselves or in a cache.
   *
   * @param stride elements from one row to the next
   * @param rows rows that each sequence of the batch has
   * @param firstKey elements before key head 0 of a row; firstValue likewise
   */
  private record Source(
      MemorySegment keys,
      MemorySegment values,
      int stride,
      int rows,
      int firstKey,
      int firstValue) {}

  /** Writes y and the log-sum-exp of each row of scores (B, H, T). */
  static void forward(Tensor y, Tensor logSumExp, Tensor x, Layout l) {
    Source packed =
        new Source(x.memory(), x.memory(), l.width(), l.length(), l.firstKey(), l.firstValue());
    forward(y, logSumExp, x, packed, l, 0);
  }

  /**
   * The same with keys and values from a cache, which has those of x too, from {@code position}.
   */
  static void cached(Tensor y, Tensor logSumExp, Tensor x, KvCache cache, Layout l, int position) {
    Source held =
        new Source(
            cache.keys().memory(),
            cache.values().memory(),
            l.kvHeads() * l.size(),
            cache.capacity(),
            0,
            0);
    forward(y, logSumExp, x, held, l, position);
  }

  private static void forward(
      Tensor y, Tensor logSumExp, Tensor x, Source in, Layout l, int position) {
    CpuBackend cpu = x.cpu();
    DType type = x.dtype();
    int block = Math.min(QUERIES_PER_BLOCK, l.length());
    Tensor scratch = x.result(Shape.of(cpu.threads(), block, position + l.length()));
    long scratchSize = (long) block * (position + l.length());
    cpu.forTasks(
        (long) l.batch() * l.heads(),
        (from, to, worker) -> {
          MemorySegment scores = at(scratch.memory(), worker * scratchSize, type);
          for (long task = from; task < to; task++) {
            int b = (int) (task / l.heads());
            int h = (int) (task % l.heads());
            int kv = h / l.group();
            long sequence = (long) b * in.rows * in.stride + (long) kv * l.size();
            MemorySegment keys = at(in.keys, sequence + in.firstKey, type);
            MemorySegment values = at(in.values, sequence + in.firstValue, type);
            for (int i = 0; i < l.length(); i += block) {
              int rows = Math.min(block, l.length() - i);
              int visible = position + i + rows;
              long query = ((long) b * l.length() + i) * l.width() + (long) h * l.size();
              cpu.matmulHere(
                  new Matmul(
                      false, true, rows, visible, l.size(), l.scale(), l.width(), in.stride, 0,
                      visible),
                  at(x.memory(), query, type),
                  keys,
                  scores,
                  type);
              long first = (task * l.length()) + i;
              AttentionRows.softmax(
                  scores, logSumExp, first, rows, visible, cpu.vectorises(type), type);
              long out = ((long) b * l.length() + i) * l.heads() * l.size() + (long) h * l.size();
              cpu.matmulHere(
                  new Matmul(
                      false,
                      false,
                      rows,
                      l.size(),
                      visible,
                      1,
                      visible,
                      in.stride,
                      0,
                      l.heads() * l.size()),
                  scores,
                  values,
                  at(y.memory(), out, type),
                  type);
            }
          }
        });
  }

  /** Adds to, or overwrites, the gradient of x. */
  static void backward(Tensor x, Tensor y, Tensor logSumExp, Layout l, boolean add) {
    CpuBackend cpu = x.cpu();
    int block = Math.min(QUERIES_PER_BLOCK, l.length());
    Tensor scratch = x.result(Shape.of(cpu.threads(), 2, block, l.length()));
    long half = (long) block * l.length();
    cpu.forTasks(
        (long) l.batch() * l.kvHeads(),
        (from, to, worker) -> {
          MemorySegment p = at(scratch.memory(), worker * 2 * half, x.dtype());
          MemorySegment dp = at(scratch.memory(), (worker * 2 + 1) * half, x.dtype());
          for (long task = from; task < to; task++) {
            int b = (int) (task / l.kvHeads());
            int kv = (int) (task % l.kvHeads());
            for (int g = 0; g < l.group(); g++) {
              // The last block sees every key, so it comes first and may overwrite dK and dV.
              for (int i = (l.length() - 1) / block * block; i >= 0; i -= block) {
                boolean addKeys = add || g > 0 || i + block < l.length();
                Block part = new Block(b, kv * l.group() + g, kv, i, block);
                backwardBlock(x, y, logSumExp, l, part, p, dp, add, addKeys);
              }
            }
          }
        });
  }

  /** Queries {@code start ..} of one head. */
  private record Block(int batch, int head, int kvHead, int start, int size) {}

  private static void backwardBlock(
      Tensor x,
      Tensor y,
      Tensor logSumExp,
      Layout l,
      Block at,
      MemorySegment p,
      MemorySegment dp,
      boolean addQueries,
      boolean addKeys) {
    CpuBackend cpu = x.cpu();
    DType type = x.dtype();
    int rows = Math.min(at.size, l.length() - at.start);
    int seen = at.start + rows;
    int d = l.size();
    int w = l.width();
    int wide = l.heads() * d;
    long query = ((long) at.batch * l.length() + at.start) * w + (long) at.head * d;
    long key = (long) at.batch * l.length() * w + (long) (l.heads() + at.kvHead) * d;
    long value = key + (long) l.kvHeads() * d;
    long out = ((long) at.batch * l.length() + at.start) * wide + (long) at.head * d;
    MemorySegment q = at(x.memory(), query, type);
    MemorySegment k = at(x.memory(), key, type);
    MemorySegment v = at(x.memory(), value, type);
    MemorySegment o = at(y.memory(), out, type);
    MemorySegment dOut = at(y.gradient().memory(), out, type);
    MemorySegment dx = x.gradient().memory();

    cpu.matmulHere(new Matmul(false, true, rows, seen, d, l.scale(), w, w, 0, seen), q, k, p, type);
    cpu.matmulHere(new Matmul(false, true, rows, seen, d, 1, wide, w, 0, seen), dOut, v, dp, type);
    long first = ((long) at.batch * l.heads() + at.head) * l.length() + at.start;
    AttentionRows.backward(
        p, dp, o, dOut, logSumExp, first, rows, seen, d, wide, cpu.vectorises(type), type);
    cpu.matmulHere( // dV += P^T dO
        new Matmul(true, false, seen, d, rows, 1, seen, wide, addKeys ? 1 : 0, w),
        p,
        dOut,
        at(dx, value, type),
        type);
    cpu.matmulHere( // dK += dS^T Q / sqrt(D)
        new Matmul(true, false, seen, d, rows, l.scale(), seen, w, addKeys ? 1 : 0, w),
        dp,
        q,
        at(dx, key, type),
        type);
    cpu.matmulHere( // dQ += dS K / sqrt(D)
        new Matmul(false, false, rows, d, seen, l.scale(), seen, w, addQueries ? 1 : 0, w),
        dp,
        k,
        at(dx, query, type),
        type);
  }
}
