package dev.tiebreak.tensor.attention;

import dev.tiebreak.tensor.Tensor;
import dev.tiebreak.tensor.attention.Attention.Layout;

/**
 * Where keys and values lie: in the packed rows themselves or in a cache. All in elements.
 *
 * @param stride from one row to the next
 * @param rows that each sequence of the batch has
 * @param firstKey before key head 0 of a row; firstValue likewise
 * @param size of a head
 */
record KeysAndValues(
    Tensor keys, Tensor values, int stride, int rows, int firstKey, int firstValue, int size) {

  static KeysAndValues packed(Tensor x, Layout l) {
    int firstKey = l.heads() * l.size();
    int firstValue = firstKey + l.kvHeads() * l.size();
    return new KeysAndValues(x, x, l.width(), l.length(), firstKey, firstValue, l.size());
  }

  static KeysAndValues held(KvCache cache, Layout l) {
    int stride = l.kvHeads() * l.size();
    return new KeysAndValues(
        cache.keys(), cache.values(), stride, cache.capacity(), 0, 0, l.size());
  }

  /** Where in {@link #keys} the key of a position begins. */
  long key(int batch, int head, int position) {
    return firstKey + row(batch, position) + (long) head * size;
  }

  /** Where in {@link #values} its value does. */
  long value(int batch, int head, int position) {
    return firstValue + row(batch, position) + (long) head * size;
  }

  private long row(int batch, int position) {
    return ((long) batch * rows + position) * stride;
  }
}
