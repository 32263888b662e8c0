package dev.tiebreak.trainer.lab.checkpoint;

import dev.tiebreak.tensor.DType;

/** The element types of safetensors files that are read and written here; all little-endian. */
public enum StoredType {
  /** 64-bit IEEE float. */
  F64(Double.BYTES),
  /** 64-bit signed integer; read only, no tensor holds it. */
  I64(Long.BYTES),
  /** 32-bit IEEE float. */
  F32(Float.BYTES),
  /** The upper half of a 32-bit float. */
  BF16(Short.BYTES),
  /** 32-bit signed integer. */
  I32(Integer.BYTES);

  private final int bytes;

  StoredType(int bytes) {
    this.bytes = bytes;
  }

  public int bytes() {
    return bytes;
  }

  /** How a tensor's elements are stored. */
  public static StoredType of(DType dtype) {
    return valueOf(dtype.name());
  }
}
