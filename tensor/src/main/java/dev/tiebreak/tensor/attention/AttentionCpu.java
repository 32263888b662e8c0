package dev.tiebreak.tensor.attention;

import static dev.tiebreak.tensor.CpuBackend.at;

import dev.tiebreak.bindings.Matmul;
import dev.tiebreak.tensor.Contribution;
import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Shape;
import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.tensor.attention.Attention.Layout;
import java.lang.foreign.MemorySegment;

/**
 * {@link Attention} on the CPU in float32: matrix products of one block of queries after the other,
 * against one block after the other of the keys it may see, which saves almost half of the work.
 * The maximum and the sum of each row run along (Milakov and Gimelshein, "Online normalizer
 * calculation for softmax", 2018), so that a block's scores are never more than a cache holds.
 */
final class AttentionCpu {
  private static final int QUERIES_PER_BLOCK = 32;
  private static final int KEYS_PER_BLOCK = 1024; // their scores, 128 KiB, stay in a core's cache
  private static final DType F32 = DType.F32;

  private AttentionCpu() {}

  /** Writes y and the log-sum-exp of each row of scores (B, H, T). */
  static void forward(
      Tensor y, Tensor logSumExp, Tensor x, KeysAndValues in, Layout l, int position) {
    CpuBackend cpu = x.cpu();
    int block = Math.min(QUERIES_PER_BLOCK, l.length());
    int keys = Math.min(KEYS_PER_BLOCK, position + l.length());
    int size = block * keys + 2 * block; // scores, then a running maximum and sum for each row
    Tensor scratch = x.result(Shape.of(cpu.threads(), size));
    cpu.forTasks(
        (long) l.batch() * l.heads(),
        (from, to, worker) -> {
          MemorySegment scores = at(scratch.memory(), (long) worker * size, F32);
          MemorySegment running = at(scores, (long) block * keys, F32);
          for (long task = from; task < to; task++) {
            int b = (int) (task / l.heads());
            int h = (int) (task % l.heads());
            for (int t = 0; t < l.length(); t += block) {
              int rows = Math.min(block, l.length() - t);
              MemorySegment q = at(x.memory(), l.query(b, h, t), F32);
              MemorySegment out = at(y.memory(), l.output(b, h, t), F32);
              var queries = new OnlineRows(scores, running, out, rows, l.size(), l.outputWidth());
              attend(cpu, q, queries, in, l, b, h / l.group(), position + t, keys);
              for (int r = 0; r < rows; r++) {
                logSumExp.set(l.row(b, h, t) + r, queries.finish(r));
              }
            }
          }
        });
    scratch.giveBack();
  }

  /** Runs a block of queries, the first at {@code position}, over blocks of so many keys. */
  private static void attend(
      CpuBackend cpu,
      MemorySegment q,
      OnlineRows queries,
      KeysAndValues in,
      Layout l,
      int b,
      int kv,
      int position,
      int keys) {
    int rows = queries.rows();
    int d = l.size();
    int visible = position + rows;
    int stride = in.stride();
    queries.start();
    for (int key = 0; key < visible; key += keys) {
      int seen = Math.min(keys, visible - key);
      cpu.matmulHere( // S = Q K^T / sqrt(D)
          new Matmul(false, true, rows, seen, d, l.scale(), l.width(), stride, 0, seen),
          q,
          at(in.keys().memory(), in.key(b, kv, key), F32),
          queries.scores(),
          F32);
      for (int r = 0; r < rows; r++) {
        queries.take(r, Math.clamp(position + r + 1 - key, 0, seen), seen);
      }
      int beta = key == 0 ? 0 : 1;
      cpu.matmulHere( // O += e^(S - max) V
          new Matmul(false, false, rows, d, seen, 1, seen, stride, beta, l.outputWidth()),
          queries.scores(),
          at(in.values().memory(), in.value(b, kv, key), F32),
          queries.out(),
          F32);
    }
  }

  /** Given dy (B, T, H D). */
  static void backward(Contribution dx, Tensor x, Tensor y, Tensor dy, Tensor logSumExp, Layout l) {
    CpuBackend cpu = x.cpu();
    int block = Math.min(QUERIES_PER_BLOCK, l.length());
    int keys = Math.min(KEYS_PER_BLOCK, l.length());
    Tensor scratch = x.result(Shape.of(cpu.threads(), 2, block, keys));
    long half = (long) block * keys;
    Pass pass = new Pass(dx, x, y, dy, logSumExp, l);
    cpu.forTasks(
        (long) l.batch() * l.kvHeads(),
        (from, to, worker) -> {
          MemorySegment p = at(scratch.memory(), worker * 2 * half, F32);
          MemorySegment dp = at(scratch.memory(), (worker * 2 + 1) * half, F32);
          for (long task = from; task < to; task++) {
            int b = (int) (task / l.kvHeads());
            int kv = (int) (task % l.kvHeads());
            for (int g = 0; g < l.group(); g++) {
              // The last block sees every key, so it comes first and may overwrite dK and dV.
              for (int t = (l.length() - 1) / block * block; t >= 0; t -= block) {
                boolean addKeys = dx.add() || g > 0 || t + block < l.length();
                int end = Math.min(t + block, l.length());
                for (int key = 0; key < end; key += keys) {
                  int seen = Math.min(keys, end - key);
                  var part = new Block(b, kv * l.group() + g, kv, t, end - t, key, seen);
                  pass.backward(part, p, dp, dx.add() || key > 0, addKeys);
                }
              }
            }
          }
        });
    scratch.giveBack();
  }

  /** So many queries of one head from {@code start}, against {@code seen} keys from {@code key}. */
  private record Block(int batch, int head, int kvHead, int start, int rows, int key, int seen) {}

  /** What every block of a backward pass reads and writes. */
  private record Pass(Contribution dx, Tensor x, Tensor y, Tensor dy, Tensor logSumExp, Layout l) {

    void backward(
        Block at, MemorySegment p, MemorySegment dp, boolean addQueries, boolean addKeys) {
      KeysAndValues in = KeysAndValues.packed(x, l);
      int rows = at.rows;
      int seen = at.seen;
      int d = l.size();
      int w = l.width();
      int wide = l.outputWidth();
      long query = l.query(at.batch, at.head, at.start);
      long key = in.key(at.batch, at.kvHead, at.key);
      long value = in.value(at.batch, at.kvHead, at.key);
      long out = l.output(at.batch, at.head, at.start);
      MemorySegment q = at(x.memory(), query, F32);
      MemorySegment k = at(x.memory(), key, F32);
      MemorySegment v = at(x.memory(), value, F32);
      MemorySegment dOut = at(dy.memory(), out, F32);

      // S = Q K^T / sqrt(D) and dP = dO V^T, which then become P and dS in their places
      multiply(new Matmul(false, true, rows, seen, d, l.scale(), w, w, 0, seen), q, k, p);
      multiply(new Matmul(false, true, rows, seen, d, 1, wide, w, 0, seen), dOut, v, dp);
      var scores = new BackwardRows(p, dp, at(y.memory(), out, F32), dOut, d, wide);
      long first = l.row(at.batch, at.head, at.start);
      for (int r = 0; r < rows; r++) {
        int visible = Math.clamp(at.start + r + 1 - at.key, 0, seen);
        scores.turn(r, visible, seen, (float) logSumExp.get(first + r));
      }

      MemorySegment dV = at(dx.memory(), value, F32);
      MemorySegment dK = at(dx.memory(), key, F32);
      MemorySegment dQ = at(dx.memory(), query, F32);
      int keep = addKeys ? 1 : 0;
      // dV += P^T dO, dK += dS^T Q / sqrt(D), dQ += dS K / sqrt(D)
      multiply(new Matmul(true, false, seen, d, rows, 1, seen, wide, keep, w), p, dOut, dV);
      multiply(new Matmul(true, false, seen, d, rows, l.scale(), seen, w, keep, w), dp, q, dK);
      keep = addQueries ? 1 : 0;
      multiply(new Matmul(false, false, rows, d, seen, l.scale(), seen, w, keep, w), dp, k, dQ);
    }

    private void multiply(Matmul product, MemorySegment a, MemorySegment b, MemorySegment c) {
      x.cpu().matmulHere(product, a, b, c, F32);
    }
  }
}
