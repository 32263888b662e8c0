package dev.tiebreak.trainer.lab.bench;

import dev.tiebreak.bindings.Matmul;
import dev.tiebreak.tensor.CpuBackend;
import dev.tiebreak.tensor.DType;
import dev.tiebreak.tensor.Scope;
import dev.tiebreak.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** The rate of plain matrix products at the sizes of a model's linear layers. */
public final class MatrixRate {
  private static final int LEAST_REPEATS = 2; // the first one pays for waking the threads

  private MatrixRate() {}

  /** GFLOP/s over the forward products of one block, each measured for so many seconds. */
  public static double gflops(CpuBackend cpu, BenchShape shape, double secondsEach) {
    int c = shape.model().channels();
    int hidden = shape.model().hidden();
    int[][] outIn = {{shape.model().qkvWidth(), c}, {c, c}, {hidden, c}, {c, hidden}};
    double operations = 0;
    double seconds = 0;
    for (int[] layer : outIn) {
      double flops = 2.0 * shape.tokens() * layer[0] * layer[1];
      operations += flops;
      seconds += flops * 1e-9 / gflops(cpu, shape.tokens(), layer[0], layer[1], secondsEach);
    }
    return operations * 1e-9 / seconds;
  }

  /**
   * GFLOP/s of y = x W^T in float32 for x (rows, in) and W (out, in): the best of all products in
   * about so many seconds, at least two. The best, not the median: what is compared with it is to
   * be compared with what the machine can do.
   */
  public static double gflops(CpuBackend cpu, int rows, int out, int in, double seconds) {
    try (Scope scope = cpu.newScope("matrix rate")) {
      Tensor x = filled(scope, rows, in);
      Tensor weight = filled(scope, out, in);
      Tensor y = scope.zeros(DType.F32, rows, out);
      Matmul product = Matmul.dense(false, true, rows, out, in, 0);
      double best = Double.POSITIVE_INFINITY;
      long begin = System.nanoTime();
      for (int i = 0; i < LEAST_REPEATS || System.nanoTime() - begin < seconds * 1e9; i++) {
        long start = System.nanoTime();
        cpu.matmul(product, x.data(), weight.data(), y.data(), DType.F32);
        best = Math.min(best, System.nanoTime() - start);
      }
      return 2.0 * rows * out * in / best;
    }
  }

  private static Tensor filled(Scope scope, int rows, int columns) {
    Tensor tensor = scope.zeros(DType.F32, rows, columns);
    for (long i = 0; i < tensor.size(); i++) {
      tensor.set(i, (i % 17 - 8) / 8.0);
    }
    return tensor;
  }

  static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
