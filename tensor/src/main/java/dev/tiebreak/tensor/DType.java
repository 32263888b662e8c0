package dev.tiebreak.tensor;

/** Element types: {@code F32} trains, {@code F64} checks gradients, {@code I32} holds token ids. */
public enum DType {
  /** 32-bit IEEE float. */
  F32(4),
  /** 64-bit IEEE float. */
  F64(8),
  /** 32-bit signed integer. */
  I32(4);

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
}
