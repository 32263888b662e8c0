package dev.tiebreak.tensor.attention;

import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.CudaBackend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Locale;

/**
 * The keys and values of one layer's earlier positions, so that generating a token costs one row of
 * attention instead of a whole sequence. Lives in the scope it is made in.
 */
public final class KvCache {
  private static final int THREADS = 256;

  private final Tensor keys; // (B, capacity, KV * D)
  private final Tensor values; // (B, capacity, KV * D)
  private final int capacity;
  private int length;

  /** An empty cache for {@code batch} sequences of up to {@code capacity} positions. */
  public KvCache(Scope scope, DType dtype, int batch, int capacity, int kvHeads, int headSize) {
    this.keys = scope.zeros(dtype, batch, capacity, kvHeads * headSize);
    this.values = scope.zeros(dtype, batch, capacity, kvHeads * headSize);
    this.capacity = capacity;
  }

  /** Positions held so far. */
  public int length() {
    return length;
  }

  /** Positions there is room for. */
  public int capacity() {
    return capacity;
  }

  /** Forgets everything. */
  public void clear() {
    length = 0;
  }

  /**
   * The keys (B, capacity, KV * D), of which the first {@link #length} of each sequence are set.
   */
  public Tensor keys() {
    return keys;
  }

  /** The values, likewise. */
  public Tensor values() {
    return values;
  }

  /**
   * Copies the keys and values of packed x (B, t, (H + 2 KV) D) behind those held.
   *
   * @return the position of the first new row
   */
  public int append(Tensor x, int heads, int headSize) {
    int batch = x.dim(0);
    int added = x.dim(1);
    int kvHeads = (x.dim(2) / headSize - heads) / 2;
    if (x.dtype() != keys.dtype() || batch != keys.dim(0) || kvHeads * headSize != keys.dim(2)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the cache holds %d sequences with %d columns of keys in %s, got %d with %d in %s",
              keys.dim(0),
              keys.dim(2),
              keys.dtype(),
              batch,
              kvHeads * headSize,
              x.dtype()));
    }
    if (length + added > capacity) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "the cache has room for %d positions, %d are held, %d more do not fit",
              capacity,
              length,
              added));
    }
    switch (x.backend()) {
      case CpuBackend cpu -> cpu.once(() -> copy(x, heads * headSize));
      case CudaBackend cuda -> copy(cuda, x, heads * headSize);
    }
    int first = length;
    length += added;
    return first;
  }

  private void copy(Tensor x, int firstKey) {
    int added = x.dim(1);
    long bytes = x.dtype().bytes();
    long row = keys.dim(2) * bytes;
    for (int b = 0; b < x.dim(0); b++) {
      for (int t = 0; t < added; t++) {
        long from = (((long) b * added + t) * x.dim(2) + firstKey) * bytes;
        long to = ((long) b * capacity + length + t) * row;
        MemorySegment.copy(x.data(), from, keys.data(), to, row);
        MemorySegment.copy(x.data(), from + row, values.data(), to, row);
      }
    }
  }

  private void copy(CudaBackend cuda, Tensor x, int firstKey) {
    long elements = (long) x.dim(0) * x.dim(1) * keys.dim(2);
    cuda.kernel(Attention.class, "attention_append", x.dtype())
        .pointer(keys.address())
        .pointer(values.address())
        .pointer(x.address())
        .integer(x.dim(1))
        .count(x.dim(2))
        .count(firstKey)
        .count(keys.dim(2))
        .integer(capacity)
        .integer(length)
        .count(elements)
        .run(Math.toIntExact(Math.ceilDiv(elements, THREADS)), THREADS, 0);
  }
}
