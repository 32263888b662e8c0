package dev.tiebreak.tensor;

import java.lang.foreign.MemorySegment;

/**
 * The keys and values of one layer's earlier positions, so that generating a token costs one row of
 * attention instead of a whole sequence. Lives in the scope it is made in.
 */
public final class KvCache {
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

  /** The keys' memory (B, capacity, KV * D). */
  public MemorySegment keys() {
    return keys.data();
  }

  /** The values' memory (B, capacity, KV * D). */
  public MemorySegment values() {
    return values.data();
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
          "the cache holds %d sequences with %d columns of keys in %s, got %d with %d in %s"
              .formatted(
                  keys.dim(0), keys.dim(2), keys.dtype(), batch, kvHeads * headSize, x.dtype()));
    }
    if (length + added > capacity) {
      throw new IllegalStateException(
          "the cache has room for %d positions, %d are held, %d more do not fit"
              .formatted(capacity, length, added));
    }
    long bytes = x.dtype().bytes();
    long row = keys.dim(2) * bytes;
    for (int b = 0; b < batch; b++) {
      for (int t = 0; t < added; t++) {
        long from = (((long) b * added + t) * x.dim(2) + (long) heads * headSize) * bytes;
        long to = ((long) b * capacity + length + t) * row;
        MemorySegment.copy(x.data(), from, keys.data(), to, row);
        MemorySegment.copy(x.data(), from + row, values.data(), to, row);
      }
    }
    int first = length;
    length += added;
    return first;
  }
}
