package dev.tiebreak.tensor.op;

import static dev.tiebreak.tensor.cpu.Simd.lanes;
import static dev.tiebreak.tensor.cpu.Simd.load;
import static dev.tiebreak.tensor.cpu.Simd.store;
import static dev.tiebreak.tensor.cpu.Simd.tail;

import dev.tiebreak.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.VectorMask;

/**
 * y[i] = weight[token[i]] for weight (V, C) and tokens of any shape: y (..., C). Backward:
 * dweight[token[i]] += dy[i], token after token, each thread owning whole columns: no atomics, the
 * same bits every time.
 */
public final class Embedding {
  private Embedding() {}

  /** y, with tokens' shape and C columns appended. */
  public static Tensor apply(Tensor weight, Tensor tokens) {
    Shapes.requireTokens("embedding", tokens);
    Shapes.require(
        weight.shape().rank() == 2, "embedding: needs a (V, C) table, got %s", weight.shape());
    int vocabulary = weight.dim(0);
    int columns = weight.dim(1);
    for (long i = 0; i < tokens.size(); i++) {
      int token = tokens.getInt(i);
      Shapes.require(
          token >= 0 && token < vocabulary,
          "embedding: token %d at position %d is outside the vocabulary of %d",
          token,
          i,
          vocabulary);
    }
    int[] lead = tokens.shape().toArray();
    int[] dims = java.util.Arrays.copyOf(lead, lead.length + 1);
    dims[lead.length] = columns;
    Tensor y = weight.result(dev.tiebreak.tensor.Shape.of(dims));
    forward(y, weight, tokens, columns);
    return y.record(() -> backward(y, weight, tokens, columns), weight);
  }

  private static void forward(Tensor y, Tensor weight, Tensor tokens, int columns) {
    long rowBytes = (long) columns * y.dtype().bytes();
    MemorySegment ys = y.memory();
    MemorySegment ws = weight.memory();
    y.cpu()
        .forRows(
            tokens.size(),
            columns,
            (from, to, worker) -> {
              for (long i = from; i < to; i++) {
                MemorySegment.copy(ws, tokens.getInt(i) * rowBytes, ys, i * rowBytes, rowBytes);
              }
            });
  }

  private static void backward(Tensor y, Tensor weight, Tensor tokens, int columns) {
    if (!weight.startGradient()) {
      weight.gradient().data().fill((byte) 0);
    }
    Tensor dw = weight.gradient();
    Tensor dy = y.gradient();
    if (y.cpu().vectorises(y.dtype())) {
      MemorySegment dws = dw.memory();
      MemorySegment dys = dy.memory();
      MemorySegment ids = tokens.memory();
      Loops.forColumnBlocks(
          y,
          columns,
          tokens.size(),
          (from, to, worker) -> scatter(dws, dys, ids, tokens.size(), columns, from, to));
    } else {
      for (long i = 0; i < tokens.size(); i++) {
        for (int c = 0; c < columns; c++) {
          dw.put((long) tokens.getInt(i) * columns + c, dy.get(i * columns + c), true);
        }
      }
    }
  }

  private static void scatter(
      MemorySegment dw,
      MemorySegment dy,
      MemorySegment tokens,
      long count,
      int columns,
      long from,
      long to) {
    for (int i = 0; i < count; i++) {
      long row = (long) tokens.getAtIndex(ValueLayout.JAVA_INT, i) * columns;
      for (int c = (int) from; c < to; c += lanes()) {
        VectorMask<Float> mask = tail(c, to);
        store(
            dw, row + c, load(dw, row + c, mask).add(load(dy, (long) i * columns + c, mask)), mask);
      }
    }
  }
}
