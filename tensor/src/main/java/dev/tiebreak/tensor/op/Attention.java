package dev.tiebreak.tensor.op;

import static dev.tiebreak.tensor.CpuBackend.at;

import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.KvCache;
import dev.tiebreak.tensor.Matmul;
import dev.tiebreak.tensor.Shape;
import dev.tiebreak.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * Causal scaled dot-product attention (Vaswani et al., 2017) with grouped-query heads (Ainslie et
 * al., 2023) on packed x (B, T, (H + 2 KV) D): H query heads, then KV key heads, then KV value
 * heads. Query head h reads key/value head h / (H / KV). y (B, T, H D):
 *
 * <p>S = Q K^T / sqrt(D), P = softmax over keys no later than the query, O = P V.
 *
 * <p>Backward: dV = P^T dO, dP = dO V^T, dS = P (dP - rowsum(dO O)), dQ = dS K / sqrt(D), dK = dS^T
 * Q / sqrt(D). As in FlashAttention (Dao et al., 2022) only the log-sum-exp of each row of S is
 * kept and P is computed again, a block of queries at a time, so no (T, T) matrix is ever in
 * memory. A block multiplies only the keys it may see, which saves almost half of the work.
 */
public final class Attention {
  private static final int QUERIES_PER_BLOCK = 64;

  private Attention() {}

  /** y (B, T, H D) for packed queries, keys and values. */
  public static Tensor apply(Tensor x, int heads, int kvHeads) {
    Layout layout = layout(x, heads, kvHeads);
    int firstKey = heads * layout.size;
    int firstValue = (heads + kvHeads) * layout.size;
    Source source =
        new Source(x.memory(), x.memory(), layout.width, layout.length, firstKey, firstValue);
    Tensor y = x.result(x.shape().with(-1, heads * layout.size));
    Tensor logSumExp = x.result(Shape.of(layout.batch, heads, layout.length));
    forward(y, logSumExp, x, source, layout, 0);
    return y.record(() -> backward(x, y, logSumExp, layout), x);
  }

  /**
   * y (B, t, H D) for t new positions after those that the cache holds; appends their keys and
   * values to the cache. For generation: passes no gradient.
   */
  public static Tensor cached(Tensor x, int heads, int kvHeads, KvCache cache) {
    Layout layout = layout(x, heads, kvHeads);
    int position = cache.append(x, heads, layout.size);
    Source source =
        new Source(cache.keys(), cache.values(), kvHeads * layout.size, cache.capacity(), 0, 0);
    Tensor y = x.result(x.shape().with(-1, heads * layout.size));
    Tensor logSumExp = x.result(Shape.of(layout.batch, heads, layout.length));
    forward(y, logSumExp, x, source, layout, position);
    return y;
  }

  /** B, T, H, KV, D and the width of a packed row. */
  record Layout(int batch, int length, int heads, int kvHeads, int size, int width) {
    double scale() {
      return 1 / Math.sqrt(size);
    }

    int group() {
      return heads / kvHeads;
    }
  }

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

  private static Layout layout(Tensor x, int heads, int kvHeads) {
    Shapes.require(
        x.shape().rank() == 3, "attention: needs (B, T, (H + 2 KV) D), got %s", x.shape());
    Shapes.require(
        heads % kvHeads == 0, "attention: %d heads do not divide by %d kv heads", heads, kvHeads);
    int width = x.dim(2);
    Shapes.require(
        width % (heads + 2 * kvHeads) == 0,
        "attention: %d columns do not divide by %d + 2 * %d heads",
        width,
        heads,
        kvHeads);
    return new Layout(x.dim(0), x.dim(1), heads, kvHeads, width / (heads + 2 * kvHeads), width);
  }

  private static void forward(
      Tensor y, Tensor logSumExp, Tensor x, Source in, Layout l, int position) {
    CpuBackend cpu = x.cpu();
    DType type = x.dtype();
    int block = Math.min(QUERIES_PER_BLOCK, l.length);
    Tensor scratch = x.result(Shape.of(cpu.threads(), block, position + l.length));
    long scratchSize = (long) block * (position + l.length);
    cpu.forTasks(
        (long) l.batch * l.heads,
        (from, to, worker) -> {
          MemorySegment scores = at(scratch.memory(), worker * scratchSize, type);
          for (long task = from; task < to; task++) {
            int b = (int) (task / l.heads);
            int h = (int) (task % l.heads);
            int kv = h / l.group();
            long sequence = (long) b * in.rows * in.stride + (long) kv * l.size;
            MemorySegment keys = at(in.keys, sequence + in.firstKey, type);
            MemorySegment values = at(in.values, sequence + in.firstValue, type);
            for (int i = 0; i < l.length; i += block) {
              int rows = Math.min(block, l.length - i);
              int visible = position + i + rows;
              long query = ((long) b * l.length + i) * l.width + (long) h * l.size;
              cpu.matmulHere(
                  new Matmul(
                      false, true, rows, visible, l.size, l.scale(), l.width, in.stride, 0,
                      visible),
                  at(x.memory(), query, type),
                  keys,
                  scores,
                  type);
              long first = (task * l.length) + i;
              AttentionRows.softmax(
                  scores, logSumExp, first, rows, visible, cpu.vectorises(type), type);
              long out = ((long) b * l.length + i) * l.heads * l.size + (long) h * l.size;
              cpu.matmulHere(
                  new Matmul(
                      false,
                      false,
                      rows,
                      l.size,
                      visible,
                      1,
                      visible,
                      in.stride,
                      0,
                      l.heads * l.size),
                  scores,
                  values,
                  at(y.memory(), out, type),
                  type);
            }
          }
        });
  }

  private static void backward(Tensor x, Tensor y, Tensor logSumExp, Layout l) {
    boolean add = x.startGradient();
    CpuBackend cpu = x.cpu();
    int block = Math.min(QUERIES_PER_BLOCK, l.length);
    Tensor scratch = x.result(Shape.of(cpu.threads(), 2, block, l.length));
    long half = (long) block * l.length;
    cpu.forTasks(
        (long) l.batch * l.kvHeads,
        (from, to, worker) -> {
          MemorySegment p = at(scratch.memory(), worker * 2 * half, x.dtype());
          MemorySegment dp = at(scratch.memory(), (worker * 2 + 1) * half, x.dtype());
          for (long task = from; task < to; task++) {
            int b = (int) (task / l.kvHeads);
            int kv = (int) (task % l.kvHeads);
            for (int g = 0; g < l.group(); g++) {
              // The last block sees every key, so it comes first and may overwrite dK and dV.
              for (int i = (l.length - 1) / block * block; i >= 0; i -= block) {
                boolean addKeys = add || g > 0 || i + block < l.length;
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
    int rows = Math.min(at.size, l.length - at.start);
    int seen = at.start + rows;
    int d = l.size;
    int w = l.width;
    int wide = l.heads * d;
    long query = ((long) at.batch * l.length + at.start) * w + (long) at.head * d;
    long key = (long) at.batch * l.length * w + (long) (l.heads + at.kvHead) * d;
    long value = key + (long) l.kvHeads * d;
    long out = ((long) at.batch * l.length + at.start) * wide + (long) at.head * d;
    MemorySegment q = at(x.memory(), query, type);
    MemorySegment k = at(x.memory(), key, type);
    MemorySegment v = at(x.memory(), value, type);
    MemorySegment o = at(y.memory(), out, type);
    MemorySegment dOut = at(y.gradient().memory(), out, type);
    MemorySegment dx = x.gradient().memory();

    cpu.matmulHere(new Matmul(false, true, rows, seen, d, l.scale(), w, w, 0, seen), q, k, p, type);
    cpu.matmulHere(new Matmul(false, true, rows, seen, d, 1, wide, w, 0, seen), dOut, v, dp, type);
    long first = ((long) at.batch * l.heads + at.head) * l.length + at.start;
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
