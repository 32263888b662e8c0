package dev.tiebreak.tensor;

import static dev.tiebreak.tensor.cpu.Simd.lanes;
import static dev.tiebreak.tensor.cpu.Simd.load;
import static dev.tiebreak.tensor.cpu.Simd.store;
import static dev.tiebreak.tensor.cpu.Simd.tail;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.VectorMask;

/**
 * y[i] = weight[token[i]] for weight (V, C) and tokens of any shape: y (..., C). Backward:
 * dweight[token[i]] += dy[i], token after token, each thread owning whole columns: no atomics, the
 * same bits every time. For a GPU the host sorts the places by token first.
 */
final class Embedding {
  private Embedding() {}

  /** y, with tokens' shape and C columns appended. */
  static Tensor apply(Tensor weight, Tensor tokens) {
    Shapes.requireTokens("embedding", tokens);
    Shapes.require(
        weight.shape().rank() == 2, "embedding: needs a (V, C) table, got %s", weight.shape());
    int vocabulary = weight.dim(0);
    int columns = weight.dim(1);
    Shapes.requireIds("embedding: token", tokens, vocabulary, 0);
    int[] lead = tokens.shape().toArray();
    int[] dims = Arrays.copyOf(lead, lead.length + 1);
    dims[lead.length] = columns;
    Tensor y = weight.result(Shape.of(dims));
    switch (weight.backend()) {
      case CpuBackend cpu -> forward(cpu, y, weight, tokens, columns);
      case CudaBackend cuda ->
          cuda.kernel(Embedding.class, "embedding_forward", y.dtype())
              .pointer(y.address())
              .pointer(weight.address())
              .pointer(tokens.address())
              .count(columns)
              .rows(tokens.size(), columns);
    }
    return y.record(() -> backward(y, weight, tokens, columns), weight);
  }

  private static void forward(CpuBackend cpu, Tensor y, Tensor weight, Tensor tokens, int columns) {
    long rowBytes = (long) columns * y.dtype().bytes();
    MemorySegment ys = y.memory();
    MemorySegment ws = weight.memory();
    cpu.forRows(
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
      weight.gradient().zero();
    }
    Tensor dw = weight.gradient();
    Tensor dy = y.gradient();
    switch (y.backend()) {
      case CpuBackend cpu -> backward(cpu, dw, y, dy, tokens, columns);
      case CudaBackend cuda -> backward(cuda, dw, dy, tokens, weight.dim(0), columns);
    }
  }

  private static void backward(
      CudaBackend cuda, Tensor dw, Tensor dy, Tensor tokens, int vocabulary, int columns) {
    Places places = Places.of(tokens, vocabulary);
    Scope step = cuda.tape().scope();
    Tensor order = step.of(places.order, places.order.length);
    Tensor starts = step.of(places.starts, places.starts.length);
    cuda.kernel(Embedding.class, Loops.name("embedding_backward", dw, dy), dy.dtype())
        .pointer(dw.address())
        .pointer(dy.address())
        .pointer(tokens.address())
        .pointer(order.address())
        .pointer(starts.address())
        .count(columns)
        .rows(places.different, columns);
    order.giveBack();
    starts.giveBack();
  }

  /**
   * The places of each token that occurs, tokens ascending.
   *
   * @param order all places, those of one token side by side and ascending
   * @param starts where in {@code order} the next token begins, and the end; as long as it may get,
   *     so that every step allocates the same
   * @param different how many tokens occur
   */
  private record Places(int[] order, int[] starts, int different) {
    static Places of(Tensor tokens, int vocabulary) {
      int count = Math.toIntExact(tokens.size());
      int[] next = new int[vocabulary + 1]; // at first the number of each token before
      for (int i = 0; i < count; i++) {
        next[tokens.getInt(i) + 1]++;
      }
      int[] starts = new int[Math.min(count, vocabulary) + 1];
      int different = 0;
      for (int token = 0; token < vocabulary; token++) {
        if (next[token + 1] > 0) {
          starts[different++] = next[token];
        }
        next[token + 1] += next[token];
      }
      starts[different] = count;
      int[] order = new int[count];
      for (int i = 0; i < count; i++) {
        order[next[tokens.getInt(i)]++] = i;
      }
      return new Places(order, starts, different);
    }
  }

  private static void backward(
      CpuBackend cpu, Tensor dw, Tensor y, Tensor dy, Tensor tokens, int columns) {
    if (cpu.vectorises(y.dtype())) {
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
        store(dw, row + c, load(dw, row + c).add(load(dy, (long) i * columns + c)), mask);
      }
    }
  }
}
