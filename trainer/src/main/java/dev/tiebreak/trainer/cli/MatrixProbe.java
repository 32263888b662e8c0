package dev.tiebreak.trainer.cli;

import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.CpuBackend.Matmul;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tensor;

/** A short measurement of how fast matrix products run. */
final class MatrixProbe {
  /** Rows and columns of the matrices. */
  static final int SIZE = 1024;

  private MatrixProbe() {}

  /**
   * Multiplies float32 matrices for a while, at least twice.
   *
   * @param seconds about how long
   * @return floating-point operations per second, two for each multiplication and addition
   */
  static double flopsPerSecond(CpuBackend cpu, double seconds) {
    Matmul product = Matmul.dense(false, true, SIZE, SIZE, SIZE, 0);
    try (Scope scope = cpu.newScope("probe")) {
      Tensor a = scope.zeros(DType.F32, SIZE, SIZE);
      Tensor b = scope.zeros(DType.F32, SIZE, SIZE);
      Tensor c = scope.zeros(DType.F32, SIZE, SIZE);
      cpu.matmul(product, a.data(), b.data(), c.data(), DType.F32); // the first pays for loading
      long start = System.nanoTime();
      long count = 0;
      double passed;
      do {
        cpu.matmul(product, a.data(), b.data(), c.data(), DType.F32);
        count++;
        passed = (System.nanoTime() - start) * 1e-9;
      } while (passed < seconds);
      return 2.0 * SIZE * SIZE * SIZE * count / passed;
    }
  }
}
