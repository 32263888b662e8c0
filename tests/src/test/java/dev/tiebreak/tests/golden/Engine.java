package dev.tiebreak.tests.golden;

import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.DType;
import java.util.function.Supplier;

/** The ways in which the same numbers can be computed. */
enum Engine {
  F64(DType.F64, () -> CpuBackend.create(2)),
  F64_WITHOUT_BLAS(DType.F64, () -> CpuBackend.withoutBlas(2)),
  F32(DType.F32, () -> CpuBackend.create(2)),
  F32_WITHOUT_BLAS(DType.F32, () -> CpuBackend.withoutBlas(2)),
  F32_SCALAR(DType.F32, CpuBackend::scalar);

  final DType type;
  private final Supplier<CpuBackend> backend;

  Engine(DType type, Supplier<CpuBackend> backend) {
    this.type = type;
    this.backend = backend;
  }

  CpuBackend open() {
    return backend.get();
  }

  /**
   * The largest deviation allowed, see {@link Deviations}. In float32 one rounding is 6e-8, and a
   * tensor of these models is some ten operations away from the inputs.
   */
  double tolerance() {
    return type == DType.F64 ? 1e-12 : 1e-5;
  }
}
