package dev.tiebreak.bindings.cuda;

import static dev.tiebreak.bindings.raw.cublaslt.CublasLtApi.*;

/** What matrices are made of. */
public enum ElementType {
  /** 32-bit floating point. */
  FLOAT32(CUDA_R_32F(), Float.BYTES),
  /** The upper half of it: 8 bits of exponent, 7 of fraction. */
  BFLOAT16(CUDA_R_16BF(), Short.BYTES);

  private final int code;
  private final int bytes;

  ElementType(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  int code() {
    return code;
  }

  /** The size of one. */
  public int bytes() {
    return bytes;
  }
}
