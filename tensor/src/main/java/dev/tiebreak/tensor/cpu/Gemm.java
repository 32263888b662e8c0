package dev.tiebreak.tensor.cpu;

import dev.tiebreak.bindings.Matmul;
import java.lang.foreign.MemorySegment;

/** The row-major matrix product of a {@link Matmul}, on one thread. */
public sealed interface Gemm permits BlasGemm, JavaGemm {
  /** In float32. */
  void f32(Matmul p, MemorySegment a, MemorySegment b, MemorySegment c);

  /** In float64. */
  void f64(Matmul p, MemorySegment a, MemorySegment b, MemorySegment c);

  /** One line: which library, kernels and path. */
  String description();
}
