package dev.tiebreak.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Element types: {@code F32} trains, {@code BF16} trains faster on a GPU, {@code F64} checks
 * gradients, {@code I32} holds token ids.
 */
public enum DType {
  /** 32-bit IEEE float. */
  F32(4),
  /** 64-bit IEEE float. */
  F64(8),
  /** The upper half of a 32-bit float: its range, 8 bits of precision. */
  BF16(2),
  /** 32-bit signed integer. */
  I32(4);

  private static final int DROPPED_BITS = 16; // of a float, in a bf16

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }

  /** Whether gradients can flow through tensors of this type. */
  public boolean isFloat() {
    return this != I32;
  }

  /** The type of sums, statistics and losses over elements of this type: F32 for BF16. */
  public DType wide() {
    return this == BF16 ? F32 : this;
  }

  /** Element {@code index} of host memory that holds this type. */
  public double get(MemorySegment data, long index) {
    return switch (this) {
      case F32 -> data.getAtIndex(ValueLayout.JAVA_FLOAT, index);
      case F64 -> data.getAtIndex(ValueLayout.JAVA_DOUBLE, index);
      case BF16 -> fromBf16(data.getAtIndex(ValueLayout.JAVA_SHORT, index));
      case I32 -> data.getAtIndex(ValueLayout.JAVA_INT, index);
    };
  }

  /** Sets element {@code index} of host memory that holds this type, rounded to it. */
  public void set(MemorySegment data, long index, double value) {
    switch (this) {
      case F32 -> data.setAtIndex(ValueLayout.JAVA_FLOAT, index, (float) value);
      case F64 -> data.setAtIndex(ValueLayout.JAVA_DOUBLE, index, value);
      case BF16 -> data.setAtIndex(ValueLayout.JAVA_SHORT, index, toBf16((float) value));
      case I32 -> data.setAtIndex(ValueLayout.JAVA_INT, index, (int) value);
    }
  }

  private static float fromBf16(short bits) {
    return Float.intBitsToFloat(bits << DROPPED_BITS);
  }

  /** To nearest, ties to even, as the kernels do. */
  private static short toBf16(float value) {
    int bits = Float.floatToIntBits(value); // one NaN only, so rounding cannot make it infinite
    int half = 0x7fff + (bits >>> DROPPED_BITS & 1);
    return (short) (bits + (Float.isNaN(value) ? 0 : half) >>> DROPPED_BITS);
  }
}
