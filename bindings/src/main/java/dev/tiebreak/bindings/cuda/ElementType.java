package dev.tiebreak.bindings.cuda;

import static dev.tiebreak.bindings.raw.cublaslt.CublasLtApi.*;

/** What matrices are made of. */
public enum ElementType {
  /** 32-bit floating point. */
  FLOAT32(CUDA_R_32F()),
  /** The upper half of it: 8 bits of exponent, 7 of fraction. */
  BFLOAT16(CUDA_R_16BF());

  private final int code;

  ElementType(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}
