package dev.tiebreak.tensor.op;

import static dev.tiebreak.tensor.CpuBackend.at;

import dev.tiebreak.bindings.Matmul;
import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.KvCache;
import dev.tiebreak.tensor.Shape;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.tensor.op.Attention.Layout;
import java.lang.foreign.MemorySegment;

/**
 * {@link Attention} on the CPU: matrix products of one block of queries after the other, against
 * one block after the other of the keys it may see, which saves almost half of the work. In float32
 * the maximum and the sum of each row run along (Milakov and Gimelshein, "Online normalizer
 * calculation for softmax", 2018), so that a block's scores are never more than a cache holds; the
 * scalar definition takes all keys at once.
 */
final class AttentionCpu {
  private static final int QUERIES_PER_BLOCK = 32;
  private static final int KEYS_PER_BLOCK = 1024; // their scores, 256 KiB, stay in a core's cache

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
    int keys = keysPerBlock(cpu, type, position + l.length());
    int size = block * keys + 2 * block; // scores, then a running maximum and sum for each row
    Tensor scratch = x.result(Shape.of(cpu.threads(), size));
    cpu.forTasks(
        (long) l.batch() * l.heads(),
        (from, to, worker) -> {
          MemorySegment scores = at(scratch.memory(), (long) worker * size, type);
          MemorySegment running = at(scores, (long) block * keys, type);
          for (long task = from; task < to; task++) {
            int b = (int) (task / l.heads());
            int h = (int) (task % l.heads());
            int kv = h / l.group();
            long sequence = (long) b * in.rows * in.stride + (long) kv * l.size();
            MemorySegment k = at(in.keys, sequence + in.firstKey, type);
            MemorySegment v = at(in.values, sequence + in.firstValue, type);
            for (int i = 0; i < l.length(); i += block) {
              int rows = Math.min(block, l.length() - i);
              long query = ((long) b * l.length() + i) * l.width() + (long) h * l.size();
              long out = ((long) b * l.length() + i) * l.heads() * l.size() + (long) h * l.size();
              Queries queries =
                  new Queries(
                      at(x.memory(), query, type),
                      at(y.memory(), out, type),
                      task * l.length() + i,
                      position + i,
                      rows);
              forwardBlock(cpu, queries, logSumExp, k, v, in.stride, l, keys, scores, running);
            }
          }
        });
    scratch.giveBack();
  }

  /** Keys that are multiplied at once. */
  private static int keysPerBlock(CpuBackend cpu, DType type, int keys) {
    return cpu.vectorises(type) ? Math.min(KEYS_PER_BLOCK, keys) : keys;
  }

  /**
   * A block of queries of one head.
   *
   * @param q their first row, in packed rows
   * @param out their first row of y
   * @param first its number among all rows of scores
   * @param position its number in the sequence
   */
  private record Queries(MemorySegment q, MemorySegment out, long first, int position, int rows) {}

  private static void forwardBlock(
      CpuBackend cpu,
      Queries at,
      Tensor logSumExp,
      MemorySegment k,
      MemorySegment v,
      int stride,
      Layout l,
      int keys,
      MemorySegment scores,
      MemorySegment running) {
    DType type = logSumExp.dtype();
    boolean fast = cpu.vectorises(type);
    int d = l.size();
    int wide = l.heads() * d;
    int rows = at.rows;
    int visible = at.position + rows;
    if (fast) {
      AttentionRows.startRunning(running, rows);
    }
    for (int key = 0; key < visible; key += keys) {
      int seen = Math.min(keys, visible - key);
      long place = (long) key * stride;
      cpu.matmulHere(
          new Matmul(false, true, rows, seen, d, l.scale(), l.width(), stride, 0, seen),
          at.q,
          at(k, place, type),
          scores,
          type);
      if (fast) {
        for (int r = 0; r < rows; r++) {
          int of = Math.clamp(at.position + r + 1 - key, 0, seen);
          AttentionRows.runningSoftmax(
              scores, (long) r * seen, of, seen, running, r, rows, at.out, (long) r * wide, d);
        }
      } else {
        AttentionRows.softmax(scores, logSumExp, at.first, rows, seen, type);
      }
      cpu.matmulHere(
          new Matmul(false, false, rows, d, seen, 1, seen, stride, key == 0 ? 0 : 1, wide),
          scores,
          at(v, place, type),
          at.out,
          type);
    }
    for (int r = 0; r < rows && fast; r++) {
      double lse = AttentionRows.finishRow(at.out, (long) r * wide, d, running, r, rows);
      logSumExp.set(at.first + r, lse);
    }
  }

  /** Adds to, or overwrites, the gradient of x. */
  static void backward(Tensor x, Tensor y, Tensor logSumExp, Layout l, boolean add) {
    CpuBackend cpu = x.cpu();
    int block = Math.min(QUERIES_PER_BLOCK, l.length());
    int keys = keysPerBlock(cpu, x.dtype(), l.length());
    Tensor scratch = x.result(Shape.of(cpu.threads(), 2, block, keys));
    long half = (long) block * keys;
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
                int end = Math.min(i + block, l.length());
                for (int key = 0; key < end; key += keys) {
                  int seen = Math.min(keys, end - key);
                  Block part = new Block(b, kv * l.group() + g, kv, i, end - i, key, seen);
                  backwardBlock(x, y, logSumExp, l, part, p, dp, add || key > 0, addKeys);
                }
              }
            }
          }
        });
    scratch.giveBack();
  }

  /** So many queries of one head from {@code start}, against {@code seen} keys from {@code key}. */
  private record Block(int batch, int head, int kvHead, int start, int rows, int key, int seen) {}

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
    int rows = at.rows;
    int seen = at.seen;
    int d = l.size();
    int w = l.width();
    int wide = l.heads() * d;
    long query = ((long) at.batch * l.length() + at.start) * w + (long) at.head * d;
    long key = ((long) at.batch * l.length() + at.key) * w + (long) (l.heads() + at.kvHead) * d;
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
        p,
        dp,
        o,
        dOut,
        logSumExp,
        first,
        rows,
        at.start,
        at.key,
        seen,
        d,
        wide,
        cpu.vectorises(type),
        type);
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
