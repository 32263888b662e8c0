package dev.tiebreak.trainer.lab.checkpoint;

import java.util.List;

/**
 * What a safetensors file says about one tensor.
 *
 * @param shape its extents, outermost first; empty for a scalar
 * @param begin where its bytes begin, counted from the first byte after the header
 * @param end where they end, exclusive
 */
public record StoredTensor(
    String name, StoredType type, List<Integer> shape, long begin, long end) {

  public StoredTensor {
    shape = List.copyOf(shape);
  }

  public long bytes() {
    return end - begin;
  }

  public long size() {
    return bytes() / type.bytes();
  }

  /** Such as {@code F32 [65, 16]}. */
  String description() {
    return type + " " + shape;
  }
}
